"""What can be promised of goods that are still on their way, or may not leave yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time

from dom.model.cart import Cart
from dom.model.ids import LocationId, Sku
from dom.model.incoming import Incoming
from dom.model.product import Assortment
from dom.promise.apart import left_of
from dom.promise.ats import outlook
from dom.promise.kept import Kept
from dom.promise.market import Market
from dom.promise.ports import Offer, Promising
from dom.sourcing.supply import Supply

# At noon in UTC it is that day from the Pacific to Tokyo: goods are never promised a day early.
NOON = time(12, tzinfo=UTC)


def later_market(
    cart: Cart, offer: Offer, kept: Kept, ports: Promising
) -> tuple[date, Market] | None:
    """The market on the first day on which all of the cart that can be promised is there; None:
    nothing of it can that is not there now.
    """
    assortment, coming = offer[0], ports.coming(cart.units())
    if not coming and not any(one.releases_on for one in assortment.products.values()):
        return None
    known = {place for units in assortment.units.values() for place in units}
    known |= {one.location_id for some in coming.values() for one in some}
    network = ports.places.network(known)
    days, lacking, now = list[date](), dict[Sku, int](), ports.clock()
    for sku, wanted in cart.units().items():
        some = coming.get(sku, ())
        view = outlook(sku, cart.channel, offer, some, network, kept, now)
        found = view.day_for(wanted)
        days += [found.day] if found else []
        lacking[sku] = wanted - (found.units if found else min(wanted, max(0, view.now)))
    if not days:
        return None
    supply = _supply(assortment, coming, max(days))
    at = datetime.combine(max(days), NOON)
    return max(days), Market(left_of(cart, lacking, {}), supply, network, ports.rules, at)


def _supply(assortment: Assortment, coming: Mapping[Sku, Sequence[Incoming]], day: date) -> Supply:
    """What is there now, and what has come by that day."""
    units = {
        Sku(sku): {LocationId(place): max(0, n) for place, n in at.items()}
        for sku, at in assortment.units.items()
    }
    for sku, some in coming.items():
        for one in some:
            if one.leaves_by(day):
                there = units[sku].get(one.location_id, 0)
                units[sku][one.location_id] = there + one.units
    return Supply(units, products=assortment.products)
