"""An order and what became of it as its channel knows it: kits as the one line that was sold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder, Parcel, units_by_line
from dom.model.kit import Kit, in_kits
from dom.model.order import Back, Bucket, Buckets, Order, OrderLine
from dom.model.refund import Refund, RefundLine

# How far units are, the farthest first; what is cancelled is apart.
_FAR = (
    Bucket.RETURNED,
    Bucket.COLLECTED,
    Bucket.DELIVERED,
    Bucket.SHIPPED,
    Bucket.READY_FOR_PICKUP,
    Bucket.PACKED,
    Bucket.PICKED,
    Bucket.ALLOCATED,
    Bucket.BACKORDERED,
    Bucket.PREORDERED,
    Bucket.PENDING,
)


def sold(order: Order) -> Order:
    """The order with its kits as lines, where their first component stood."""
    if not order.kits:
        return order
    lines = {line.line_id: line for line in order.lines}
    first = {kit.parts[0].line_id: kit for kit in order.kits}
    others = {part.line_id for kit in order.kits for part in kit.parts}
    shown = [
        _line(first[line.line_id], lines) if line.line_id in first else line
        for line in order.lines
        if line.line_id in first or line.line_id not in others
    ]
    withdraw = in_kits(order.withdraw, order.kits)
    return replace(order, lines=tuple(shown), withdraw=withdraw, kits=())


def kits_of(order: Order) -> list[OrderLine]:
    """Its kits, each as the line that was sold."""
    lines = {line.line_id: line for line in order.lines}
    return [_line(kit, lines) for kit in order.kits]


def named(order: Order, units: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    """Units by line id as customers know them, in the order of the lines: how many, of what. Whole
    kits by their own name; what is in none of them by what it is.
    """
    kits = {part.line_id: kit for kit in order.kits for part in kit.parts}
    for line in order.lines:
        kit, left = kits.get(line.line_id), units.get(line.line_id, 0)
        if kit:
            whole = kit.whole(units)
            if whole and line.line_id == kit.parts[0].line_id:
                yield whole, kit.title or kit.sku
            left -= kit.of(whole)[line.line_id]
        if left:
            yield left, line.label


def kit_quantity(kit: Kit, order: Order) -> int:
    """Kits that were ordered."""
    return kit.begun({line.line_id: line.quantity for line in order.lines})


def buckets_of(kit: Kit, lines: dict[str, OrderLine], ordered: int) -> Buckets:
    """Where its kits are: each is as far as the part of it that is least far.

    A kit is cancelled when all of it is. A part that was cancelled alone is not waited for.
    """
    parts = [(lines[part.line_id], part.units) for part in kit.parts]
    cancelled = min(ordered, *(x.units(Bucket.CANCELLED) // n for x, n in parts))
    # Units by part that are at least as far as the bucket that is looked at.
    far = [x.units(Bucket.CANCELLED) - cancelled * n for x, n in parts]
    found, done, left = {Bucket.CANCELLED: cancelled}, 0, ordered - cancelled
    for bucket in _FAR:
        far = [have + x.units(bucket) for have, (x, _) in zip(far, parts, strict=True)]
        reached = min(left, *(have // n for have, (_, n) in zip(far, parts, strict=True)))
        found[bucket], done = reached - done, reached
    found[Bucket.PENDING] += left - done
    return {bucket: found[bucket] for bucket in Bucket if found.get(bucket)}


def shipment_of(
    work: FulfillmentOrder, order: Order, sent: Iterable[FulfillmentOrder]
) -> FulfillmentOrder:
    """The work as a shipment of what was sold, with the kits that it makes complete.

    `sent`: all work of the order that is with the customer. Kits that left whole are told with
    their own work. One of which parts left apart is told with whichever of these is told first once
    the last has left: never more of them than are complete.
    """
    mine, kits = units_by_line(work.lines), _touched(work, order.kits)
    if not kits:
        return work
    sent = list(sent)
    complete = {kit.line_id: kit.whole(mine) + _joined(kit, work, sent) for kit in kits}
    parts = {part.line_id for kit in kits for part in kit.parts}
    lines = [line for line in work.lines if line.line_id not in parts]
    lines += [
        FulfillmentLine(kit.line_id, kit.sku, complete[kit.line_id])
        for kit in kits
        if complete[kit.line_id]
    ]
    parcels = _parcels(work.parcels, kits, mine, complete)
    told_now = {name: n for name, n in complete.items() if n}
    return replace(work, lines=tuple(lines), parcels=parcels, told_kits=told_now)


def _joined(kit: Kit, work: FulfillmentOrder, sent: Sequence[FulfillmentOrder]) -> int:
    """Kits that parts which left apart make by now, some of them in this work, and that are told
    with no other.
    """
    apart: Counter[str] = Counter()
    told = 0
    for one in sent:
        units = units_by_line(one.lines)
        whole = kit.of(kit.whole(units))
        rest = {name: units.get(name, 0) - n for name, n in whole.items()}
        apart.update(rest)
        if one.id == work.id and not any(rest.values()):
            return 0
        if one.id != work.id and one.told_kits is not None:
            told += one.told_kits.get(kit.line_id, 0) - kit.whole(units)
    return max(0, kit.whole(apart) - told)


def refund_of(refund: Refund, order: Order) -> Refund:
    """The refund by the channel's lines. Parts of a kit that came back without the rest are so much
    money of its line, and no unit of it.
    """
    touched = [k for k in order.kits if any(x.line_id in _ids(k) for x in refund.lines)]
    if not touched:
        return refund
    parts = {line_id for kit in touched for line_id in _ids(kit)}
    lines = [line for line in refund.lines if line.line_id not in parts]
    lines += [_paid(kit, [x for x in refund.lines if x.line_id in _ids(kit)]) for kit in touched]
    return replace(refund, lines=tuple(lines))


def _paid(kit: Kit, lines: Sequence[RefundLine]) -> RefundLine:
    units: Counter[str] = Counter()
    for line in lines:
        units[line.line_id] += line.quantity
    fates = {line.disposition for line in lines}
    return RefundLine(
        kit.line_id,
        kit.whole(units),
        sum(line.goods for line in lines),
        sum(line.tax for line in lines),
        sum(line.included_tax for line in lines),
        sum(line.fee for line in lines),
        fates.pop() if len(fates) == 1 else None,
    )


def _line(kit: Kit, lines: dict[str, OrderLine]) -> OrderLine:
    parts = [lines[part.line_id] for part in kit.parts]
    ordered = kit.begun({line.line_id: line.quantity for line in parts})
    back = Back(
        kit.whole({line.line_id: line.back.returning for line in parts}),
        kit.whole({line.line_id: line.back.refunded_units for line in parts}),
        sum(line.back.refunded for line in parts),
    )
    return OrderLine(
        kit.line_id,
        ordered,
        kit.unit_price,
        kit.sku,
        kit.title,
        kit.ship_group_id,
        discount=kit.discount,
        tax=kit.tax,
        buckets=buckets_of(kit, lines, ordered),
        went_back=None if back == Back() else back,
        by_channel=kit.whole({line.line_id: line.by_channel or 0 for line in parts}) or None,
    )


def _touched(work: FulfillmentOrder, kits: Iterable[Kit]) -> list[Kit]:
    held = {line.line_id for line in work.lines}
    return [kit for kit in kits if held & _ids(kit)]


def _ids(kit: Kit) -> set[str]:
    return {part.line_id for part in kit.parts}


def _parcels(
    parcels: Sequence[Parcel], kits: Sequence[Kit], mine: dict[str, int], complete: dict[str, int]
) -> tuple[Parcel, ...]:
    """The parcels by kits: each kit in the one that holds the last of it; where parts left apart,
    nobody knows.
    """
    parts = {line_id for kit in kits for line_id in _ids(kit)}
    apart = any(kit.whole(mine) != complete[kit.line_id] for kit in kits)
    if apart or not all(parcel.units for parcel in parcels):
        return tuple(replace(parcel, units={}) for parcel in parcels)
    told: list[Parcel] = []
    packed: Counter[str] = Counter()
    for parcel in parcels:
        before = {kit.line_id: kit.whole(packed) for kit in kits}
        packed.update({name: n for name, n in parcel.units.items() if name in parts})
        units = {name: n for name, n in parcel.units.items() if name not in parts}
        units |= {kit.line_id: n for kit in kits if (n := kit.whole(packed) - before[kit.line_id])}
        told.append(replace(parcel, units=units))
    return tuple(told)
