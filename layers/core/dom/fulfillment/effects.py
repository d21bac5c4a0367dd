"""What happens to stock when work ends: shipped, given up, or rejected with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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


def shipment(work: FulfillmentOrder) -> tuple[StockChange, ...]:
    """Reserved units leave the building: on_hand and reserved both fall."""
    return tuple(
        _change(work, sku, Cause.SHIPMENT, units, on_hand=-units)
        for sku, units in units_by_sku(work.lines).items()
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
) -> tuple[StockChange, ...]:
    """The reservation ends, and the location's stock is corrected by what the reason says of it.

    NOT_IN_STOCK: on_hand to 0 (guarded by the position's version); MISMATCH: q fewer on hand;
    DAMAGED, WORN_DISPLAY: q more unsellable; NO_VARIANCE: nothing (HotWax's rejection reasons).
    """
    if reason is RejectReason.NO_VARIANCE:
        return release(work, lines)
    return tuple(
        _correction(work, sku, units, reason, positions[position_key(sku, work.location_id)])
        for sku, units in units_by_sku(lines).items()
    )


def _correction(
    work: FulfillmentOrder, sku: Sku, units: int, reason: RejectReason, position: Position
) -> StockChange:
    if reason is RejectReason.NOT_IN_STOCK:
        gone = max(0, position.on_hand)
        version = position.version
        return _change(work, sku, Cause.REJECT, units, on_hand=-gone, expected_version=version)
    if reason is RejectReason.MISMATCH:
        return _change(work, sku, Cause.REJECT, units, on_hand=-units)
    return _change(work, sku, Cause.REJECT, units, unsellable=units)


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
        work.location_id,
        cause,
        on_hand=on_hand,
        unsellable=unsellable,
        reserved=-released,
        expected_version=expected_version,
        references=({"fulfillment_order_id": work.id, "quantity": released},),
    )
