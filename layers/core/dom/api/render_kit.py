"""Kits of an order as the API shows them: as sold, with the lines of their components."""

from __future__ import annotations

from dom.api.views import KitView
from dom.model.as_sold import kits_of
from dom.model.kit import Kit
from dom.model.order import Order, OrderLine


def render_kits(order: Order) -> list[KitView]:
    """Its kits, in the order of their lines."""
    return [_kit(kit, line) for kit, line in zip(order.kits, kits_of(order), strict=True)]


def kit_lines(order: Order) -> dict[str, str]:
    """The kit's line of each line that is a component."""
    return {part.line_id: kit.line_id for kit in order.kits for part in kit.parts}


def _kit(kit: Kit, line: OrderLine) -> KitView:
    price = kit.unit_price
    return {
        "line_id": kit.line_id,
        "sku": kit.sku,
        "title": kit.title,
        "quantity": line.quantity,
        "unit_price": {"amount": price.amount, "currency": price.currency},
        "ship_group_id": kit.ship_group_id,
        "buckets": {bucket.value: units for bucket, units in line.buckets.items()},
        "components": [
            {"line_id": part.line_id, "sku": part.sku, "quantity": part.units} for part in kit.parts
        ],
    }
