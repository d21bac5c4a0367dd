"""Shipments in Adobe Commerce, with their numbers.

https://developer.adobe.com/commerce/webapi/rest/tutorials/orders/order-create-shipment/. What was
told before is found again by the comment that names our work. Where a shop has several sources of
stock, it takes the units from its own default one.
"""

from __future__ import annotations

from collections.abc import Collection

from dom.channels.credentials import Credentials
from dom.channels.magento_rest import Json, ask, items, search
from dom.model.fulfillment import FulfillmentOrder, units_by_line
from dom.model.order import Order


def tell(
    order: Order, work: FulfillmentOrder, others: Collection[str], credentials: Credentials
) -> str:
    """See `dom.channels.shipments.ShipmentTeller`."""
    known = search(("order_id", "eq", order.external_id))
    made = ask(order.account, credentials, "GET", "shipments", known)
    for one in items(made):
        if any(_note(work) in str(x.get("comment") or "") for x in one.get("comments") or ()):
            return str(one["entity_id"])
    path = f"order/{order.external_id}/ship"
    return str(ask(order.account, credentials, "POST", path, None, _told(work)))


def _told(work: FulfillmentOrder) -> Json:
    units = units_by_line(work.lines).items()
    return {
        "items": [{"order_item_id": int(line), "qty": n} for line, n in units],
        "notify": False,
        "appendComment": True,
        "comment": {"comment": _note(work), "is_visible_on_front": 0},
        "tracks": [
            {
                "track_number": parcel.tracking_number,
                "title": parcel.carrier or "Parcel",
                "carrier_code": "custom",
            }
            for parcel in work.parcels
            if parcel.tracking_number
        ],
    }


def _note(work: FulfillmentOrder) -> str:
    return f"Shipment {work.id}."
