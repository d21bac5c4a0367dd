"""One order at given prices: exact up to ten pieces; a line is split only where no location has it
whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from heapq import heappop, heappush

from dom.sourcing.joint.bonds import Send, heed, mended, torn
from dom.sourcing.joint.large import divide_large
from dom.sourcing.joint.market import EFFORT, SLOTS, Market
from dom.sourcing.joint.prices import FREE, Prices, as_parcel, cheapest, prices_of
from dom.sourcing.joint.units import MOST_PIECES, able_places, sendable
from dom.sourcing.joint.wish import Parcel, Piece, Plan, Wish
from dom.sourcing.kernel import divide

# Steps of the DP spent on branches where pieces share a SKU at a place; far more than real baskets
# need. A count, not a clock: the same input gives the same plan.
BUDGET = 300_000


def best_plan(wish: Wish, market: Market, prices: Prices = FREE) -> Plan:
    """The cheapest plan for the wish alone: optimal among plans that split a line only where no
    location has it whole."""
    if not wish.pieces:
        return Plan(0, ())
    able = able_places(wish, market)
    if not all(able):
        return _short(wish, market, prices, able)
    whole = _in_one(wish, able, market, prices)
    return whole or _divided(wish, market, prices, able)


def _in_one(wish: Wish, able: list[int], market: Market, prices: Prices) -> Plan | None:
    """The order in one parcel, if no two can be cheaper."""
    if not wish.distinct:
        return None
    places = -1
    for there in able:
        places &= there
    if not places:
        return None
    full = (1 << len(able)) - 1
    boxes = wish.load(full).boxes
    if boxes > 1:
        places &= market.at_least(SLOTS, boxes)
    places &= ~market.too_much(wish, wish.pieces)
    price, place = cheapest(wish, full, places, prices, prices.priced(wish))
    if price > wish.two_parcels or price > min(piece.lost for piece in wish.pieces):
        return None
    parcel = wish.parcel(place, boxes, wish.pieces)
    return Plan(price - prices.of(parcel), (parcel,))


def _divided(wish: Wish, market: Market, prices: Prices, able: list[int]) -> Plan:
    """Best first over barred pieces: the first division whose stock suffices is optimal. Too many
    pieces, or too many branches, and they are divided a few at a time."""
    if len(wish.pieces) > MOST_PIECES:
        return _large(wish, market, prices, able)
    heap = [_relaxed(wish, market, prices, able, 0)]
    for serial in range(1, 2 + BUDGET // 3 ** len(wish.pieces)):
        _, _, node, sends = heappop(heap)
        children = _children(node, sends, market, prices)
        if children is None:
            return as_plan(wish, tuple(as_parcel(node, s, place) for s, place in sends))
        for n, child in enumerate(children):
            places = able_places(child, market)
            heappush(heap, _relaxed(child, market, prices, places, serial << 16 | n))
    return _large(wish, market, prices, able)


def _children(
    node: Wish, sends: tuple[Send, ...], market: Market, prices: Prices
) -> list[Wish] | None:
    """What to try instead of a division that cannot be, or costs more than it seems; else None."""
    if not node.distinct or node.effort or node.weight > node.tariff.breaks[-1]:
        parcels = tuple(as_parcel(node, s, place) for s, place in sends)
        clash = _clash(node, parcels, market)
        if clash is not None:
            return _without(node, *clash)
    tear = torn(node, sends, prices)
    return mended(node, *tear) if tear else None


def _large(wish: Wish, market: Market, prices: Prices, able: list[int]) -> Plan:
    sends = divide_large(wish, market, prices, able)
    sets = ((place, sum(1 << j for j in held)) for place, held in sends.items())
    return as_plan(wish, tuple(as_parcel(wish, s, place) for place, s in sets))


def _relaxed(
    wish: Wish, market: Market, prices: Prices, able: list[int], serial: int
) -> tuple[int, int, Wish, tuple[Send, ...]]:
    sets = heed(wish, fillable(wish, market, able))
    value, chosen = divide(prices_of(wish, sets, prices), [p.lost for p in wish.pieces])
    priced = prices.priced(wish)
    sends = ((s, cheapest(wish, s, sets[s], prices, priced)[1]) for s in chosen)
    return value, serial, wish, tuple(sends)


def fillable(wish: Wish, market: Market, able: list[int]) -> list[int]:
    """By set of pieces: the locations that can send all of them in one parcel."""
    sets = [-1]
    for there in able:
        sets += [there & places for places in sets]
    sets[0] = 0
    if not wish.distinct:
        _heed_rivals(wish, market, sets)
    if wish.weight > wish.tariff.breaks[-1]:
        sets = [
            places & market.at_least(SLOTS, wish.load(s).boxes) if places else 0
            for s, places in enumerate(sets)
        ]
    if wish.effort:
        for s in range(1, len(sets)):
            sets[s] &= ~market.too_much(wish, wish.held(s)) if sets[s] else 0
    return sets


def _heed_rivals(wish: Wish, market: Market, sets: list[int]) -> None:
    """Sets that hold a SKU more than once need the sum of it."""
    for sku, times in Counter(piece.sku for piece in wish.pieces).items():
        if times > 1:
            needs = [0]
            for piece in wish.pieces:
                more = piece.quantity if piece.sku == sku else 0
                needs += [need + more for need in needs] if more else needs
            enough = {need: market.at_least(sku, need) for need in set(needs) if need}
            for s, need in enumerate(needs):
                if need and sets[s]:
                    sets[s] &= enough[need]


def _clash(wish: Wish, parcels: tuple[Parcel, ...], market: Market) -> tuple[int, int] | None:
    """A location and a SKU (SLOTS, EFFORT) of which it is to send more than there is."""
    asked: dict[tuple[int, int], int] = {}
    for parcel in as_plan(wish, parcels).parcels:
        asked[parcel.place, SLOTS] = parcel.boxes
        asked[parcel.place, EFFORT] = parcel.effort
        for piece in parcel.pieces:
            key = (parcel.place, piece.sku)
            asked[key] = asked.get(key, 0) + piece.quantity
    short = (key for key in sorted(asked) if asked[key] > market.units[key[1]].get(key[0], 0))
    return next(short, None)


def _without(wish: Wish, place: int, sku: int) -> list[Wish]:
    """At least one of the pieces concerned comes from elsewhere; of equal pieces, the first."""
    children: dict[object, Wish] = {}
    for j, piece in enumerate(wish.pieces):
        kind = piece if wish.effort else piece._replace(line=0)
        like = kind, tuple(b for b in wish.bonds if b[0] >> j & 1)
        concerned = sku in (piece.sku, SLOTS, EFFORT) and not piece.barred >> place & 1
        if concerned and like not in children:
            children[like] = wish.barred(j, place)
    return list(children.values())


def _short(wish: Wish, market: Market, prices: Prices, able: list[int]) -> Plan:
    """Lines that no location has whole are split into units if the network has enough, else lost;
    a line of which only a part would go is not sent at all."""
    asked, gone = sendable(wish, market, able)
    if not asked.pieces:
        return Plan(gone, ())
    plan = best_or_whole(asked, market, prices)
    return Plan(plan.cost + gone, plan.parcels)


def best_or_whole(wish: Wish, market: Market, prices: Prices) -> Plan:
    """As `best_plan` for pieces already split; lines that would go only in part are dropped."""
    plan = _divided(wish, market, prices, able_places(wish, market))
    sent = _units_by_line(piece for parcel in plan.parcels for piece in parcel.pieces)
    asked = _units_by_line(wish.pieces)
    partly = {line for line in sent if sent[line] < asked[line]}
    if not partly:
        return plan
    kept = tuple(p for p in wish.pieces if p.line not in partly)
    gone = sum({p.line: p.lost for p in wish.pieces if p.line in partly}.values())
    if not kept:
        return Plan(gone, ())
    rest = best_or_whole(replace(wish, pieces=kept, _loads={}), market, prices)
    return Plan(rest.cost + gone, rest.parcels)


def _units_by_line(pieces: Iterable[Piece]) -> Counter[int]:
    units: Counter[int] = Counter()
    for piece in pieces:
        units[piece.line] += piece.quantity
    return units


def as_plan(wish: Wish, parcels: tuple[Parcel, ...]) -> Plan:
    """Those parcels at list price, those of one place as one; lines that are not whole are lost."""
    by_place: dict[int, tuple[Piece, ...]] = {}
    for parcel in parcels:
        by_place[parcel.place] = by_place.get(parcel.place, ()) + parcel.pieces
    cost, made = wish.lost, []
    for place, pieces in by_place.items():
        price, boxes = list_price(wish, place, pieces)
        cost += price
        made.append(wish.parcel(place, boxes, pieces))
    sent = {piece.line: piece.lost for parcel in made for piece in parcel.pieces}
    return Plan(cost - sum(sent.values()), tuple(made))


def list_price(wish: Wish, place: int, pieces: tuple[Piece, ...]) -> tuple[int, int]:
    """Price without scarcity, and boxes, of one shipment from there."""
    weight, units = sum(p.weight for p in pieces), sum(p.quantity for p in pieces)
    ladder = wish.tariff.ladder(weight, units)
    price = next(price for price, g in ladder.rungs if wish.groups[g] >> place & 1)
    return price, ladder.boxes
