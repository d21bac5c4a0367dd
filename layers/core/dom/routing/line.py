"""Who waits for stock goes first: whoever could use it and stands ahead is routed with the others.

Nothing is set aside for those who wait. They join the solve, which goes by priority, then age: what
one of them can use it takes, and what it cannot use (it is fenced off, say) is free for the rest.
Who stands behind more of them than one solve can hold gets nothing as long as these take something:
then it is the turn of the next in line (`dom.routing.serve`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dom.model.ids import Sku
from dom.model.order import Bucket, Order
from dom.model.product import Assortment
from dom.model.queue import Waiting, rank_of
from dom.routing.demand import demands_of
from dom.routing.ports import Lines, Routing
from dom.sourcing.opening import leaving
from dom.sourcing.problem import Demand

# Of each line so many are let go first. If none of a hundred can use the stock that is there, who
# stands behind them waits no longer for them than they do (by time, see `due_at`).
MOST_AHEAD = 100
# Those ahead lack other SKUs, too, for which others stand ahead of them.
MOST_GUESTS = 300


def is_ready(order: Order) -> bool:
    """Whether it has anything to route now."""
    return not order.open_plan and bool(demands_of(order))


def wanted(order: Order) -> set[Sku]:
    """SKUs of which it has anything to route now."""
    return {line.sku for demand in demands_of(order) for line in demand.lines}


@dataclass(slots=True)
class Lineup:
    """Who is routed before a batch's own orders: `guests`. `upto`: of a SKU for which as many stand
    ahead as may be let go at once, the last one's place in line: behind it others may stand.
    """

    guests: list[Order] = field(default_factory=list)
    upto: dict[Sku, str] = field(default_factory=dict)


def those_ahead(orders: Sequence[Order], ports: Routing) -> Lineup:
    """Orders that stand in line before these for a SKU of which anything is there.

    One read of counters says that nobody waits, as nearly always. Lines and positions are read
    only where somebody does.
    """
    made = Lineup()
    if ports.lines is None:
        return made
    known: set[str] = {order.order_id for order in orders}
    latest, newcomers = dict[Sku, str](), list(orders)
    while newcomers and len(made.guests) < MOST_GUESTS:
        later = _later(newcomers, latest)
        latest |= later
        ids = [name for name in _ahead(later, ports.lines, ports, made) if name not in known]
        ids = ids[: MOST_GUESTS - len(made.guests)]
        known |= set(ids)
        newcomers = [one for one in ports.orders.load_many(ids) if is_ready(one)] if ids else []
        made.guests += newcomers
    return made


def _later(orders: Iterable[Order], latest: Mapping[Sku, str]) -> dict[Sku, str]:
    """By SKU the last place in line that these would have, where it is later than is known."""
    found: dict[Sku, str] = {}
    for order in orders:
        rank = rank_of(order)
        for sku in wanted(order):
            if rank > max(latest.get(sku, ""), found.get(sku, "")):
                found[sku] = rank
    return found


def _ahead(ranks: Mapping[Sku, str], lines: Lines, ports: Routing, made: Lineup) -> dict[str, None]:
    """Ids, once each, of those who stand before these places for stock that is there."""
    scarce = _there(sorted(lines.lengths(ranks)), ports) if ranks else []
    ids = dict[str, None]()
    for sku in scarce:
        first: Sequence[Waiting] = lines.ahead(sku, ranks[sku], MOST_AHEAD)
        ids |= dict.fromkeys(one.order_id for one in first)
        if len(first) == MOST_AHEAD:
            made.upto[sku] = first[-1].rank
    return ids


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


def later_than(rank: str, upto: Mapping[Sku, str]) -> set[Sku]:
    """SKUs for which that place in line is behind those who are let go now."""
    return {sku for sku, last in upto.items() if rank > last}


def in_turn(orders: Iterable[Order], upto: Mapping[Sku, str]) -> list[Order]:
    """Those that are not just where they should wait, for all that they want."""
    return [one for one in orders if not upto or not _rests(one, upto)]


def _rests(order: Order, upto: Mapping[Sku, str]) -> bool:
    new = any(line.units(Bucket.PENDING) for line in order.lines)
    return not new and wanted(order) <= later_than(rank_of(order), upto)


def behind(demand: Demand, rank: str, upto: Mapping[Sku, str]) -> Demand:
    """The demand with its lines marked for which others, who are let go now, stand before it."""
    later = later_than(rank, upto)
    if later.isdisjoint(line.sku for line in demand.lines):
        return demand
    lines = (replace(x, behind=True) if x.sku in later else x for x in demand.lines)
    return replace(demand, lines=tuple(lines))
