"""What happens to stock when goods leave, arrive at a store, or are given up with a reason."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from dom.model.commit import position_key
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder, RejectReason
from dom.model.ids import Sku
from dom.model.stock import Cause, Position, StockChange


def units_by_sku(lines: Iterable[FulfillmentLine]) -> dict[Sku, int]:
    """Units of each SKU: two lines of one SKU are one position."""
    total: dict[Sku, int] = {}
    for line in lines:
        total[line.sku] = total.get(line.sku, 0) + line.quantity
    return total


def shipment(
    work: FulfillmentOrder, left_behind: Iterable[FulfillmentLine] = ()
) -> tuple[StockChange, ...]:
    """Reserved units leave the building: on_hand and reserved both fall.

    Those `left_behind` stay and are available again. What is sent to a store is a transfer.
    """
    cause = Cause.TRANSFER_OUT if work.held_by != work.store else Cause.SHIPMENT
    gone = units_by_sku(work.lines)
    return tuple(
        _change(
            work, sku, cause if sku in gone else Cause.RELEASE, units, on_hand=-gone.get(sku, 0)
        )
        for sku, units in units_by_sku((*work.lines, *left_behind)).items()
    )


def arrival(work: FulfillmentOrder, known: Container[str]) -> tuple[StockChange, ...]:
    """What was sent to the store is there, and reserved. `known`: positions that exist already."""
    return tuple(
        StockChange(
            sku,
            work.store,
            Cause.TRANSFER_IN,
            on_hand=units,
            reserved=units,
            creates=position_key(sku, work.store) not in known,
            references=({"fulfillment_order_id": work.id, "quantity": units},),
        )
        for sku, units in units_by_sku(work.lines).items()
    )


def returned(work: FulfillmentOrder, lines: Iterable[FulfillmentLine]) -> tuple[StockChange, ...]:
    """What had been shipped is back where it came from, and for sale."""
    return tuple(
        StockChange(
            sku,
            work.location_id,
            Cause.RETURN,
            on_hand=units,
            references=({"fulfillment_order_id": work.id, "quantity": units},),
        )
        for sku, units in units_by_sku(lines).items()
    )


def release(work: FulfillmentOrder, lines: Iterable[FulfillmentLine]) -> tuple[StockChange, ...]:
    """The reservation ends and the units are available again."""
    return tuple(
        _change(work, sku, Cause.RELEASE, units) for sku, units in units_by_sku(lines).items()
    )


def rejection(
    work: FulfillmentOrder,
    lines: Iterable[FulfillmentLine],
    reason: RejectReason,
    positions: Mapping[str, Position],
    given_up: Iterable[FulfillmentLine] | None = None,
) -> tuple[StockChange, ...]:
    """The reservation ends, and the location's stock is corrected by what the reason says of it.

    NOT_IN_STOCK: on_hand to 0 (guarded by the position's version); MISMATCH: q fewer on hand;
    DAMAGED, WORN_DISPLAY: q more unsellable; NO_VARIANCE: nothing (HotWax's rejection reasons).
    `given_up` (None: the same) are all units that go: of those that go with the refused ones,
    being of one kit, the reason says nothing.
    """
    if work.on_its_way:
        return ()  # it is in nobody's stock
    lines = tuple(lines)
    free = units_by_sku(lines if given_up is None else given_up)
    if reason is RejectReason.NO_VARIANCE:
        return tuple(_change(work, sku, Cause.RELEASE, units) for sku, units in free.items())
    wrong = units_by_sku(lines)
    return tuple(
        _correction(work, sku, free[sku], units, reason, positions[position_key(sku, work.held_by)])
        if (units := wrong.get(sku, 0))
        else _change(work, sku, Cause.RELEASE, free[sku])
        for sku in free
    )


def _correction(
    work: FulfillmentOrder,
    sku: Sku,
    free: int,
    units: int,
    reason: RejectReason,
    position: Position,
) -> StockChange:
    if reason is RejectReason.NOT_IN_STOCK:
        gone = max(0, position.on_hand)
        version = position.version
        return _change(work, sku, Cause.REJECT, free, on_hand=-gone, expected_version=version)
    if reason is RejectReason.MISMATCH:
        return _change(work, sku, Cause.REJECT, free, on_hand=-units)
    return _change(work, sku, Cause.REJECT, free, unsellable=units)


def _change(
    work: FulfillmentOrder,
    sku: Sku,
    cause: Cause,
    released: int,
    *,
    on_hand: int = 0,
    unsellable: int = 0,
    expected_version: int | None = None,
) -> StockChange:
    return StockChange(
        sku,
        work.held_by,
        cause,
        on_hand=on_hand,
        unsellable=unsellable,
        reserved=-released,
        expected_version=expected_version,
        references=({"fulfillment_order_id": work.id, "quantity": released},),
    )
