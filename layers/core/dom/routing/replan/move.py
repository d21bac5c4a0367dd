"""One ship group that may go elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder
from dom.model.ids import OrderId
from dom.model.replan import Moved, NewParcel
from dom.sourcing.plan import Assignment


@dataclass(frozen=True, slots=True)
class Move:
    """One ship group that goes elsewhere: the work that ends, and what takes its place.

    `before` and `after` are priced at the same moment. `alone`: a lower bound of the whole group's
    cost, were no other order there, of `cost`, the whole group's cost after the move. `fewer` is
    what the parcels are worth that it has less (negative: more). `forced`: it cannot stay.
    """

    order_id: OrderId
    ship_group_id: str
    currency: str
    works: tuple[FulfillmentOrder, ...]
    before: tuple[Assignment, ...]
    after: tuple[Assignment, ...]
    cost: int
    alone: int
    fewer: int = 0
    forced: bool = False

    @property
    def saved(self) -> int:
        """Minor units, in the terms of the rules; negative where it makes room for others."""
        return sum(one.cost for one in self.before) - sum(one.cost for one in self.after)

    @property
    def gain(self) -> int:
        """By the rules: what it saves, and the parcels that it has less."""
        return self.saved + self.fewer

    @property
    def cash_saved(self) -> int:
        """What of that is really paid: shipping and handling."""
        return sum(one.cash for one in self.before) - sum(one.cash for one in self.after)

    def told(self) -> Moved:
        """As callers are told of it."""
        begins = tuple(_parcel(one) for one in self.after)
        money = (self.saved, self.cash_saved)
        group = (self.order_id, self.ship_group_id, self.currency)
        return Moved(*group, self.works, begins, *money, self.forced)


def _parcel(one: Assignment) -> NewParcel:
    lines = tuple(FulfillmentLine(*line) for line in one.lines)
    return NewParcel(one.location_id, lines, one.distance_km, one.co2e_grams, one.delivers_by)
