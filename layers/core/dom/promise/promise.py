"""What a cart can be promised, by the very decision that routing will make of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import cast

from dom.model.cart import Cart, Option, Promise, uncovered
from dom.model.ids import LocationId, Sku
from dom.model.order import Method
from dom.promise.ahead import early_skus, ready
from dom.promise.apart import left_of, taken_apart
from dom.promise.freed import freed
from dom.promise.kept import Kept, kept_of, pooled, sale_of, withheld
from dom.promise.kits import kits_left, offer_of
from dom.promise.later import later_market
from dom.promise.market import Market
from dom.promise.ports import Offer, Promising
from dom.sourcing.network import Network
from dom.sourcing.supply import Supply

# Each round reads the states of the places it would name; the second one looks around as well.
ROUNDS = 5
AROUND = 100


def promise(cart: Cart, ports: Promising) -> Promise:
    """Options for the cart now, and what none of them covers; reserves nothing.

    One batch read of the SKUs' documents (and one of kits' components), the network from memory,
    one read of the states of the few locations named; more only when one of those is closed or
    full, or when something is short: then the units of holds that have expired, but are not given
    back yet, count as free, and what is on its way is promised as far as controls allow it.
    """
    offer = offer_of(cart.units(), ports.stock)
    cart = taken_apart(cart, offer[0].products)
    kept = kept_of(cart.units(), ports)
    options = _now(cart, offer, kept, ports)
    if uncovered(cart, options):
        options += _later(cart, offer, kept, ports)
    return Promise(options, uncovered(cart, options))


def _now(cart: Cart, offer: Offer, kept: Kept, ports: Promising) -> tuple[Option, ...]:
    market, seen = _market(cart, offer, kept, ports), set[LocationId]()
    if not market.cart.lines:
        return ()
    options = _certain(market, seen, ports)
    if uncovered(cart, options) and _free_expired(market, ports):
        options = _certain(market, seen, ports)
    return options


def _later(cart: Cart, offer: Offer, kept: Kept, ports: Promising) -> tuple[Option, ...]:
    """All that can be promised, in one, when the last of it has come; parts of it leave earlier.

    Whether a location has work left on a day to come is not known: that of today counts.
    """
    found = later_market(cart, offer, kept, ports)
    if found is None:
        return ()
    day, market = found
    options = _certain(market, set(), ports)
    shipped = (option for option in options if option.method is Method.SHIP)
    return tuple(replace(option, available_on=day) for option in shipped)


def _certain(market: Market, seen: set[LocationId], ports: Promising) -> tuple[Option, ...]:
    """Options at locations whose states were read (`seen`) and take work."""
    options = market.options()
    for turn in range(ROUNDS):
        named = {place for option in options for place in option.location_ids} - seen
        if not named:
            break
        looked_at = {*named, *(market.holders(AROUND) if turn else ())} - seen
        seen |= looked_at
        if not _learn(market, looked_at, ports):
            break
        options = market.options()
    return tuple(option for option in options if seen.issuperset(option.location_ids))


def _market(cart: Cart, offer: Offer, kept: Kept, ports: Promising) -> Market:
    documents, products = offer[0]
    network = ports.places.network(set().union(*documents.values()))
    now = ports.clock()
    cart = left_of(cart, *_unsold(cart, offer, network, kept, now))
    # Names are what they are: making each of thousands anew would cost more than the decision.
    available = cast(Mapping[Sku, Mapping[LocationId, int]], documents)
    supply = Supply(available, products=products)
    return Market(cart, supply, network, ports.rules, now)


def _unsold(
    cart: Cart, offer: Offer, network: Network, kept: Kept, now: datetime
) -> tuple[dict[Sku, int], dict[Sku, int]]:
    """Units of the cart that are there and not for it: they may not leave yet, orders before it
    wait for them, or controls keep them back. And how many of a kit there are for it at most.
    """
    early, demand = early_skus(offer[0], network, now), offer[1]
    assortment = ready(offer[0], network, now)
    lacking = {sku: units for sku, units in cart.units().items() if sku in early}
    for sku, wanted in cart.units().items() if demand or kept.controls else ():
        units = assortment.units[sku]
        sale = sale_of(sku, cart.channel, assortment, now)
        taken = demand.get(sku, 0) + withheld(sale, units, network, kept)
        if taken and sku not in early:
            lacking[sku] = max(0, wanted - max(0, pooled(units, network) - taken))
    kits = cart.kits() if demand or kept.controls else {}
    products = (assortment.products[of.sku] for of in kits)
    left = {x.sku: kits_left(x, cart.channel, offer, network, kept, now) for x in products}
    return lacking, left


def _free_expired(market: Market, ports: Promising) -> bool:
    """Lay positions without their expired holds over the supply; whether there were any."""
    found = freed(market.cart.units(), market.now, ports)
    for (sku, place), available in found.items():
        market.supply.overlay(sku, place, available)
    return bool(found)


def _learn(market: Market, places: Iterable[LocationId], ports: Promising) -> bool:
    """Read these locations' states into the supply; whether one of them may not take the work."""
    wanted, network = sorted(places), market.network
    states, bad = ports.places.states(wanted), False
    for place in wanted:
        state, location = states.get(place), network.locations[network.index[place]]
        today = location.local_date(market.now)
        left = state.left_on(today) if state else None
        effort = state.effort_on(today) if state else None
        is_open = state is not None and state.open
        market.supply.overlay_capacity(place, left, is_open)
        market.supply.overlay_effort(place, effort)
        # Whether what is left of its effort is enough, only deciding again can say.
        bad = bad or not is_open or (left is not None and left <= 0) or effort is not None
    return bad
