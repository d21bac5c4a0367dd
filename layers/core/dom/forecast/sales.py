"""What an order says of demand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from dom.forecast.series import Sale
from dom.model.order import Order, ShipGroup

NOWHERE = "unknown"


def sales_of(order: Order, zone: tzinfo) -> Iterator[Sale]:
    """Units that its lines ask for, in the region and on the local day that they are asked for."""
    return (sale for sale, _ in asked_of(order, zone))


def asked_of(order: Order, zone: tzinfo) -> Iterator[tuple[Sale, ShipGroup]]:
    """The same, each with where it is to go.

    What was ordered counts, also if it was cancelled later: most of that is demand that was not
    served. Lines without a SKU or that need no parcel say nothing of stock.
    """
    day = order.placed_at.astimezone(zone).date()
    groups = {group.id: group for group in order.ship_groups}
    for line in order.lines:
        group = groups.get(line.ship_group_id or "")
        if line.sku and group is not None:
            yield Sale(line.sku, region_of(group), day, line.quantity), group


def region_of(group: ShipGroup) -> str:
    """The store of a pickup, else country and province: `US-CA`; `unknown` without an address."""
    if group.location_id:
        return group.location_id
    place = group.destination
    if place is None:
        return NOWHERE
    return "-".join(part for part in (place.country_code, place.province_code) if part)
