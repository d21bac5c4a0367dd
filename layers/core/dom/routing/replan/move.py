"""One ship group that may go elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dom.model.fulfillment import FulfillmentOrder
from dom.model.ids import OrderId
from dom.model.order import Order
from dom.model.replan import Moved, NewParcel
from dom.routing.proposal import lines_of
from dom.sourcing.joint.swap import Swap
from dom.sourcing.plan import Assignment


@dataclass(frozen=True, slots=True)
class Move:
    """One ship group that goes elsewhere: what changes, and the work that ends with it."""

    swap: Swap
    works: tuple[FulfillmentOrder, ...]

    @property
    def order_id(self) -> OrderId:
        """Whose it is."""
        return OrderId(self.swap.case.scene.demand.order_id)

    @property
    def after(self) -> tuple[Assignment, ...]:
        """What takes the work's place."""
        return self.swap.after

    @property
    def forced(self) -> bool:
        """Whether it cannot stay."""
        return self.swap.case.homeless

    @property
    def saved(self) -> int:
        """Minor units, in the terms of the rules; negative where it makes room for others."""
        return self.swap.saved

    @property
    def gain(self) -> int:
        """By the rules: what it saves, and what the parcels are worth that it has less."""
        fewer = len(self.swap.gone) - len(self.swap.begun)
        return self.saved + fewer * self.swap.case.scene.rules.weights.parcel

    @property
    def cash_saved(self) -> int:
        """What of that is really paid: shipping and handling."""
        return sum(x.cash for x in self.swap.before) - sum(x.cash for x in self.after)

    def told(self, order: Order) -> Moved:
        """As callers are told of it."""
        demand = self.swap.case.scene.demand
        begins = tuple(_parcel(one, order) for one in self.after)
        money = (self.saved, self.cash_saved)
        group = (self.order_id, demand.ship_group_id, demand.currency)
        return Moved(*group, self.works, begins, *money, self.forced)


def _parcel(one: Assignment, order: Order) -> NewParcel:
    lines = tuple(replace(line, effort=0) for line in lines_of(one, order))
    return NewParcel(one.location_id, lines, one.distance_km, one.co2e_grams, one.delivers_by)
