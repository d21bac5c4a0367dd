"""Who waits for stock goes first: whoever could use it and stands ahead is routed with the others.

Nothing is set aside for those who wait. They join the solve, which goes by priority, then age: what
one of them can use it takes, and what it cannot use (it is fenced off, say) is free for the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dom.model.ids import Sku
from dom.model.order import Order
from dom.model.product import Assortment
from dom.model.queue import rank_of
from dom.routing.demand import demands_of
from dom.routing.ports import Lines, Routing
from dom.sourcing.opening import leaving

# Of each line so many are let go first: who stands behind a hundred orders that cannot use the
# stock that is there waits no longer for them than they do (by time, see `due_at`).
MOST_AHEAD = 100
# Those ahead lack other SKUs, too, for which others stand ahead of them.
MOST_GUESTS = 300


def is_ready(order: Order) -> bool:
    """Whether it has anything to route now."""
    return not order.open_plan and bool(demands_of(order))


def wanted(order: Order) -> set[Sku]:
    """SKUs of which it has anything to route now."""
    return {line.sku for demand in demands_of(order) for line in demand.lines}


def those_ahead(orders: Sequence[Order], ports: Routing) -> list[Order]:
    """Orders that stand in line before these for a SKU of which anything is there.

    One read of counters says that nobody waits, as nearly always. Lines and positions are read
    only where somebody does.
    """
    if ports.lines is None:
        return []
    known: set[str] = {order.order_id for order in orders}
    guests, latest, newcomers = list[Order](), dict[Sku, str](), list(orders)
    while newcomers and len(guests) < MOST_GUESTS:
        later = _later(newcomers, latest)
        latest |= later
        ids = [name for name in _ahead(later, ports.lines, ports) if name not in known]
        ids = ids[: MOST_GUESTS - len(guests)]
        known |= set(ids)
        newcomers = [one for one in ports.orders.load_many(ids) if is_ready(one)] if ids else []
        guests += newcomers
    return guests


def _later(orders: Iterable[Order], latest: Mapping[Sku, str]) -> dict[Sku, str]:
    """By SKU the last place in line that these would have, where it is later than is known."""
    found: dict[Sku, str] = {}
    for order in orders:
        rank = rank_of(order)
        for sku in wanted(order):
            if rank > max(latest.get(sku, ""), found.get(sku, "")):
                found[sku] = rank
    return found


def _ahead(ranks: Mapping[Sku, str], lines: Lines, ports: Routing) -> dict[str, None]:
    """Ids, once each, of those who stand before these places for stock that is there."""
    scarce = _there(sorted(lines.lengths(ranks)), ports) if ranks else []
    return dict.fromkeys(
        name for sku in scarce for name in lines.ahead(sku, ranks[sku], MOST_AHEAD)
    )


def _there(skus: Sequence[Sku], ports: Routing) -> list[Sku]:
    """Those of which a position has anything that may leave: the documents lag, and say only where
    to look.
    """
    found, products = ports.stock.assortment(skus) if skus else Assortment({}, {})
    network, now = ports.places.network(), ports.clock()
    pairs = [
        (sku, place)
        for sku, units in found.items()
        for place in leaving(products.get(Sku(sku)), units, network, now)
    ]
    there = ports.stock.positions_of(pairs) if pairs else []
    return sorted({position.sku for position in there if position.available > 0})
