"""A solve asked again: the inputs of a batch, and what they make of one of its ship groups.

Plans of a batch depend on those before them (stock and capacity taken), so the inputs are the whole
batch's, as its solve found them: corrections and what refusals taught are in there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from dom.model.decision import RoutingDecision
from dom.model.ids import LocationId, Sku
from dom.model.product import Product
from dom.model.rules import RuleSet
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.problem import Demand, Network, Supply
from dom.sourcing.solve import solve_batch, turn

# What a replay compares. The FulfillmentOrders' ids are routing's, not the solver's.
COMPARED = (
    "outcome",
    "why",
    "pass_name",
    "candidates",
    "chosen",
    "unallocated",
    "cost",
    "bound",
    "gap",
    "runner_up",
    "cut",
)
_GIVEN_LATER = "fulfillment_order_id"


@dataclass(frozen=True, slots=True)
class Assigned:
    """Where a demand's goods are before a joint plan, and where it sends them: units by line id.

    `homeless`: there they cannot stay. `goes`: None if they stay.
    """

    present: Mapping[LocationId, Mapping[str, int]]
    homeless: bool = False
    goes: Mapping[LocationId, Mapping[str, int]] | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a solve of a batch depends on: only the asked SKUs, and no location it cannot know.

    `available`, `closed`, `capacity_left`, `effort_left` and `products` as in `Supply`, before the
    first plan took anything. Of a joint plan, what each demand has now (`assigned`) is given back
    in there; `by_solver`: the search alone would not have found it.
    """

    demands: tuple[Demand, ...]
    available: Mapping[Sku, Mapping[LocationId, int]]
    closed: frozenset[LocationId]
    capacity_left: Mapping[LocationId, int]
    products: Mapping[Sku, Product]
    network: Network
    rules: RuleSet
    now: datetime
    assigned: tuple[Assigned, ...] = ()
    by_solver: bool = False
    effort_left: Mapping[LocationId, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        demands: Sequence[Demand],
        supply: Supply,
        network: Network,
        rules: RuleSet,
        now: datetime,
    ) -> Inputs:
        """What `solve_batch` would be asked with these arguments: a copy, which stays as it is."""
        skus = sorted({line.sku for demand in demands for line in demand.lines})
        stock, known = supply.available, network.index
        return cls(
            tuple(demands),
            {sku: {at: n for at, n in stock.get(sku, {}).items() if at in known} for sku in skus},
            frozenset(at for at in supply.closed if at in known),
            {at: left for at, left in supply.capacity_left.items() if at in known},
            {sku: supply.products[sku] for sku in skus if sku in supply.products},
            network,
            rules,
            now,
            effort_left={at: n for at, n in supply.effort_left.items() if at in known},
        )

    def supply(self) -> Supply:
        """A fresh supply to take from."""
        stock = self.available, self.closed, self.capacity_left, self.products
        return Supply(*stock, self.effort_left)


class Moment(NamedTuple):
    """A ship group when its turn came: those before it have taken what they got."""

    demand: Demand
    supply: Supply
    book: PriceBook


def moment(inputs: Inputs, order_id: str, ship_group_id: str) -> Moment:
    """Play the batch up to that ship group; KeyError if it is not in there."""
    named = {(one.order_id, one.ship_group_id): one for one in inputs.demands}
    demand = named[order_id, ship_group_id]
    before = [one for one in inputs.demands if turn(one) < turn(demand)]
    supply, rules, now = inputs.supply(), inputs.rules, inputs.now
    solve_batch(before, supply, inputs.network, rules, now)
    return Moment(demand, supply, PriceBook(inputs.network, rules, now))


def said(decision: RoutingDecision) -> dict[str, object]:
    """What the decision says that a replay must say again."""
    stored = {name: getattr(decision, name) for name in COMPARED}
    bare = [{k: v for k, v in one.items() if k != _GIVEN_LATER} for one in decision.chosen]
    return {**stored, "chosen": bare}


def as_bytes(said: object) -> bytes:
    """The one form in which two of them are compared: JSON with sorted keys.

    A whole number is written without a fraction, since a database may not know which it was.
    """
    plain = _plain(said)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def differences(decision: RoutingDecision, again: Mapping[str, object]) -> dict[str, list[str]]:
    """What a replay says otherwise, by field: [as stored, as replayed], each as text."""
    then = said(decision)
    pairs = {name: [as_bytes(then[name]).decode(), as_bytes(again[name]).decode()] for name in then}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
