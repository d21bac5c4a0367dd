"""Shipments by `confirmShipment`: one call a parcel.

https://developer-docs.amazon.com/sp-api/docs/orders-api-v0-reference#confirmshipment. A package is
named by a number of ours: confirming it again changes that package, and makes no second one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from urllib.parse import quote

from dom.channels.amazon_api import ask
from dom.channels.credentials import Credentials
from dom.channels.seconds import whole_second
from dom.channels.shipments import packed, shipped_at
from dom.errors import Rejected
from dom.model.fulfillment import FulfillmentOrder, Parcel
from dom.model.order import Order

# Carriers by the code that Amazon knows them by; any other is named.
_CODES = {
    name.casefold(): name
    for name in ("UPS", "USPS", "FedEx", "DHL", "OnTrac", "LaserShip", "Royal Mail", "DPD", "GLS")
}
_OTHER = "Other"
# Numbers of packages: the work's own, then that of the parcel in it.
_PARCELS = 1000


def tell(
    order: Order, work: FulfillmentOrder, others: Collection[str], credentials: Credentials
) -> str:
    """See `dom.channels.shipments.ShipmentTeller`."""
    marketplace = credentials.marketplaces.split(",")[0].strip()
    if not marketplace:
        raise Rejected(f"no marketplaces for {order.account}: see the README")
    path = f"/orders/v0/orders/{quote(order.external_id, safe='')}/shipmentConfirmation"
    told = list(_packages(work))
    for package in told:
        body = {"marketplaceId": marketplace, "packageDetail": package}
        ask(order.account, credentials, "POST", path, None, body)
    return str(told[0]["packageReferenceId"])


def _packages(work: FulfillmentOrder) -> Iterator[dict[str, object]]:
    number = int(work.id.rpartition("-")[2])
    for n, (parcel, units) in enumerate(packed(work), start=1):
        yield {
            "packageReferenceId": str(number * _PARCELS + n),
            **_carrier(parcel),
            "trackingNumber": parcel.tracking_number or work.id,
            # ISO 8601, which Amazon insists on.
            "shipDate": whole_second(shipped_at(work)),
            "orderItems": [{"orderItemId": line, "quantity": n} for line, n in units.items()],
        }


def _carrier(parcel: Parcel) -> dict[str, str]:
    code = _CODES.get(parcel.carrier.casefold())
    if code:
        return {"carrierCode": code}
    return {"carrierCode": _OTHER, "carrierName": parcel.carrier or "Own delivery"}
