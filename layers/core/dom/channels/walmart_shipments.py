"""Shipments told to Walmart, which then charges the customer.

https://developer.walmart.com/us-marketplace/docs/ship-an-order. What was told before is found again
in the order: each shipped status of a line shows its tracking number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from dom.channels.credentials import Credentials
from dom.channels.shipments import packed, shipped_at
from dom.channels.walmart_api import Json, ask
from dom.channels.walmart_feed import order_path, read_order, within
from dom.model.fulfillment import FulfillmentOrder, Parcel, parcel_key
from dom.model.order import SHIPPED_OR_LATER, Order

# Carriers that Walmart knows, as it spells them; any other is told as another.
_CARRIERS = {
    name.casefold(): name
    for name in ("UPS", "USPS", "FedEx", "OnTrac", "DHL", "LS", "UDS", "Airborne")
}
_GONE = frozenset({"Shipped", "Delivered"})
UNIT = "EACH"


def tell(
    order: Order, work: FulfillmentOrder, others: Collection[str], credentials: Credentials
) -> str:
    """See `dom.channels.shipments.ShipmentTeller`."""
    found = within(read_order(order.account, credentials, order.external_id), "order")
    method = str(within(found, "shippingInfo").get("methodCode") or "Standard")
    missing = [
        _line(line, untold, parcel, work, method) | _override(found, line)
        for parcel, lines in packed(work)
        for line, units in lines.items()
        if (untold := _untold(found, order, work, parcel, line, units))
    ]
    if missing:
        body = {"orderShipment": {"orderLines": {"orderLine": missing}}}
        path = f"{order_path(order.external_id)}/shipping"
        ask(order.account, credentials, "POST", path, body)
    return work.id


def _override(order: Mapping[str, Any], line: str) -> Json:
    """What left after its customer asked to cancel it has left: Walmart wants to be told so."""
    for one in order["orderLines"]["orderLine"]:
        if str(one["lineNumber"]) == line and one.get("intentToCancel"):
            return {"intentToCancelOverride": True}
    return {}


def _untold(
    found: Mapping[str, Any],
    order: Order,
    work: FulfillmentOrder,
    parcel: Parcel,
    line: str,
    units: int,
) -> int:
    """Units of a line in the parcel that Walmart does not know to be shipped.

    What is told with its number is told. But where other work is in it, that may be the other's
    units of the line: then as many are untold as have left in all and are not known there.
    """
    known = [(number, n) for name, number, n in _shipped(found) if name == line]
    if (parcel.key or parcel_key(work.id)) not in {parcel_key(number) for number, _ in known}:
        return units
    if parcel.shared is None:
        return 0
    gone = sum(order.line(line).units(bucket) for bucket in SHIPPED_OR_LATER)
    return max(0, min(units, gone - sum(n for _, n in known)))


def _shipped(order: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    """Lines with the numbers that they were shipped with, and how many units."""
    for line in order["orderLines"]["orderLine"]:
        for one in line["orderLineStatuses"]["orderLineStatus"]:
            if one["status"] in _GONE:
                tracking = one.get("trackingInfo") or {}
                number = str(tracking.get("trackingNumber") or "")
                yield str(line["lineNumber"]), number, int(one["statusQuantity"]["amount"])


def _line(line: str, units: int, parcel: Parcel, work: FulfillmentOrder, method: str) -> Json:
    known = _CARRIERS.get(parcel.carrier.casefold())
    tracking: Json = {
        "shipDateTime": int(shipped_at(work).timestamp() * 1000),
        "carrierName": {"carrier": known} if known else {"otherCarrier": parcel.carrier or "Other"},
        "methodCode": method,
        "trackingNumber": parcel.tracking_number or work.id,
    }
    if parcel.link:
        tracking["trackingURL"] = parcel.link
    status = {
        "status": "Shipped",
        "statusQuantity": {"unitOfMeasurement": UNIT, "amount": str(units)},
        "trackingInfo": tracking,
    }
    statuses = {"orderLineStatus": [status]}
    return {"lineNumber": line, "sellerOrderId": work.id, "orderLineStatuses": statuses}
