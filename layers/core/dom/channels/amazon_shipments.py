"""Shipments by `confirmShipment`: one call a parcel.

https://developer-docs.amazon.com/sp-api/docs/orders-api-v0-reference#confirmshipment. A package is
named by a number of ours: confirming it again changes that package, and makes no second one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from urllib.parse import quote

from dom.channels.amazon_api import ask
from dom.channels.credentials import Credentials
from dom.errors import Rejected
from dom.model.fulfillment import FulfillmentOrder, Parcel, units_by_line
from dom.model.order import Order

# Carriers by the code that Amazon knows them by; any other is named.
_CODES = {
    name.casefold(): name
    for name in ("UPS", "USPS", "FedEx", "DHL", "OnTrac", "LaserShip", "Royal Mail", "DPD", "GLS")
}
_OTHER = "Other"
_SENT = frozenset({"FulfillmentOrderShipped", "FulfillmentOrderCollected"})
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
    """Work without parcels, or whose packer did not say what is in which, is one package: a unit
    may be confirmed once only.
    """
    number = int(work.id.rpartition("-")[2])
    parcels = work.parcels or (Parcel(),)
    if any(not parcel.units for parcel in parcels):
        parcels = parcels[:1]
    for n, parcel in enumerate(parcels):
        yield {
            "packageReferenceId": str(number * _PARCELS + n + 1),
            **_carrier(parcel),
            "trackingNumber": parcel.tracking_number or work.id,
            "shipDate": _shipped_at(work),
            "orderItems": [
                {"orderItemId": line, "quantity": units}
                for line, units in (parcel.units or units_by_line(work.lines)).items()
            ],
        }


def _carrier(parcel: Parcel) -> dict[str, str]:
    code = _CODES.get(parcel.carrier.casefold())
    if code:
        return {"carrierCode": code}
    return {"carrierCode": _OTHER, "carrierName": parcel.carrier or "Own delivery"}


def _shipped_at(work: FulfillmentOrder) -> str:
    """ISO 8601, which Amazon insists on."""
    moments = [entry.at for entry in work.history if entry.type in _SENT]
    at = min(moments) if moments else work.created_at or datetime.now(UTC)
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
