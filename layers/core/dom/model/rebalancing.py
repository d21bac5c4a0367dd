"""Stock that should lie elsewhere: terms of looking for it, and what is proposed to people."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from dom.errors import IllegalTransition
from dom.model.ids import LocationId, Sku, digest
from dom.model.scope import Where
from dom.model.supply import SupplyId, SupplyKind, supply_id

ANYWHERE = Where()
# Lines of one proposal: a transfer takes twice as many.
MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class RebalancingTerms:
    """What moving stock costs and what it is worth, in minor units of the stock's currency.

    A customer who finds none within `horizon_days` loses us `worth`, or `worth_percent` of the
    product's cost if that is more. A transfer costs `cost_shipment`, and `cost_unit` a unit; one
    that gains less than `least_gain` is not proposed. Stock that lasts longer than `slow_days` is
    slow. `gives` and `takes`: which locations may; `except_skus`: what stays where it is.
    """

    id: str
    horizon_days: int
    worth: int
    worth_percent: int = 0
    cost_shipment: int = 0
    cost_unit: int = 0
    least_gain: int = 1
    slow_days: int = 120
    gives: Where = ANYWHERE
    takes: Where = ANYWHERE
    except_skus: frozenset[Sku] = frozenset()
    why: str = ""
    version: int = field(default=0, compare=False)

    def worth_of(self, cost: int) -> float:
        """What a customer who finds none loses us, of a product of that cost."""
        return max(float(self.worth), cost * self.worth_percent / 100)


@dataclass(frozen=True, slots=True)
class Move:
    """Units of a SKU that should go from one location to another.

    `gain`: minor units, before the shipment's cost. The days are those that the stock of either
    end lasts at its demand, before and after; None: for ever.
    """

    sku: Sku
    origin: LocationId
    to: LocationId
    units: int
    gain: int
    origin_days: float | None = None
    origin_days_after: float | None = None
    to_days: float | None = None
    to_days_after: float | None = None


@dataclass(frozen=True, slots=True)
class Slow:
    """Units of a SKU beyond what `slow_days` will sell, over all locations, and what they cost."""

    sku: Sku
    units: int
    days: float | None
    value: int


class ProposalStatus(StrEnum):
    """STALE: its stock was gone when somebody approved it."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DISMISSED = "dismissed"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A transfer that somebody may approve. `gain` is after all costs. Ids sort by day."""

    id: str
    made_on: date
    origin: LocationId
    to: LocationId
    lines: tuple[Move, ...]
    gain: int
    status: ProposalStatus = ProposalStatus.PROPOSED
    decided_by: str = ""
    version: int = 0

    def decided(
        self, status: ProposalStatus, by: str, lines: tuple[Move, ...] | None = None
    ) -> Proposal:
        """The proposal after somebody decided; IllegalTransition if somebody had already."""
        if self.status is not ProposalStatus.PROPOSED:
            raise IllegalTransition("proposal", self.id, self.status.value, status.value)
        kept = self.lines if lines is None else lines
        return replace(self, status=status, decided_by=by, lines=kept)

    @property
    def reference(self) -> str:
        """The number under which its transfer is asked for: the same however often."""
        return f"rebalance-{self.id}"

    @property
    def transfer_id(self) -> SupplyId:
        """The id of that transfer."""
        return supply_id(SupplyKind.TRANSFER, self.origin, self.to, self.reference)


def proposal_id(made_on: date, origin: LocationId, to: LocationId, part: int) -> str:
    """A function of the day and the lane: the same night proposes it once."""
    return f"{made_on.isoformat()}-{digest(origin, to, str(part))}"
