"""Moves of many SKUs as transfers, which people decide of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from dom.errors import Busy, IllegalTransition, NotFound
from dom.model.clock import Clock
from dom.model.ids import LocationId
from dom.model.rebalancing import (
    MOST_LINES,
    Move,
    Proposal,
    ProposalStatus,
    RebalancingTerms,
    proposal_id,
)
from dom.planning.ports import Positions

# Demand and stock have moved on by then.
GOOD_FOR = timedelta(days=3)
ATTEMPTS = 4


def proposals(found: Iterable[Move], terms: RebalancingTerms, made_on: date) -> Iterator[Proposal]:
    """One for each pair of locations, dearest lines first, if all its lines together gain enough
    above the cost of the shipment; of more lines than one takes, several.

    A pair that does not is dropped with its lines, though another way might have carried them:
    looking for that would be a problem of its own for some pennies.
    """
    lanes: dict[tuple[LocationId, LocationId], list[Move]] = {}
    for one in found:
        lanes.setdefault((one.origin, one.to), []).append(one)
    for origin, to in sorted(lanes):
        lines = sorted(lanes[origin, to], key=lambda one: (-one.gain, one.sku))
        for part in range(0, len(lines), MOST_LINES):
            some = tuple(lines[part : part + MOST_LINES])
            gain = sum(one.gain for one in some) - terms.cost_shipment
            if gain >= max(1, terms.least_gain):
                name = proposal_id(made_on, origin, to, part)
                yield Proposal(name, made_on, origin, to, some, gain)


class Proposals(Protocol):
    """Proposals by id; they expire."""

    def load(self, name: str) -> Proposal | None:
        """The proposal, read consistently, or None."""

    def save(self, proposal: Proposal) -> bool:
        """Store it as version + 1 if its version is still stored; False if not."""


class Transfers(Protocol):
    """Where transfers are asked for."""

    def place(self, proposal: Proposal) -> None:
        """Ask for the proposal's lines under its reference; again: nothing happens."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Ports of deciding."""

    proposals: Proposals
    transfers: Transfers
    stock: Positions
    clock: Clock


def decide(name: str, status: ProposalStatus, by: str, desk: Desk) -> Proposal:
    """Approve or dismiss a proposal. Again, by whoever, with the same word: the same.

    Approved, its transfer is asked for: lines whose stock has gone are left out, and if all have,
    it is STALE. The lines are settled before the transfer is made, so that a repeat makes the same
    one. NotFound; IllegalTransition: it is decided otherwise, or three days old; Busy.
    """
    for _ in range(ATTEMPTS):
        found = desk.proposals.load(name)
        if found is None:
            raise NotFound("proposal", name)
        if found.status is not status:
            after = _after(found, status, by, desk)
            if not desk.proposals.save(after):
                continue
            found = replace(after, version=found.version + 1)
        if found.status is ProposalStatus.APPROVED:
            desk.transfers.place(found)
        return found
    raise Busy(f"proposal {name} keeps changing")


def _after(found: Proposal, status: ProposalStatus, by: str, desk: Desk) -> Proposal:
    if status is not ProposalStatus.APPROVED:
        return found.decided(status, by)
    if found.status is ProposalStatus.PROPOSED and _is_old(found, desk):
        raise IllegalTransition("proposal", found.id, "outdated", status.value)
    left = _there(found.lines, desk)
    return found.decided(status if left else ProposalStatus.STALE, by, left or None)


def _is_old(found: Proposal, desk: Desk) -> bool:
    return desk.clock().date() > found.made_on + GOOD_FOR


def _there(lines: Sequence[Move], desk: Desk) -> tuple[Move, ...]:
    positions = desk.stock.positions_of([(str(one.sku), str(one.origin)) for one in lines])
    available = {one.sku: one.available for one in positions}
    return tuple(one for one in lines if available.get(one.sku, 0) >= one.units)
