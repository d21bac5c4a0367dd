"""Shipments in BigCommerce, with their numbers.

https://developer.bigcommerce.com/docs/rest-management/orders/order-shipments. A shipment goes to
one of the order's addresses, and each parcel is one. What was told before is found again by its
comment, which names our work and the parcel.
"""

from __future__ import annotations

from collections.abc import Collection

from dom.channels.bigcommerce_rest import all_of, ask
from dom.channels.credentials import Credentials
from dom.channels.shipments import packed
from dom.model.fulfillment import FulfillmentOrder
from dom.model.order import Method, Order

GROUP = "sg"


def tell(
    order: Order, work: FulfillmentOrder, others: Collection[str], credentials: Credentials
) -> str:
    """See `dom.channels.shipments.ShipmentTeller`. What its customer collected has no shipment."""
    if work.method is not Method.SHIP:
        return work.id
    path = f"v2/orders/{order.external_id}/shipments"
    known = {
        str(one.get("comments") or ""): str(one["id"])
        for one in all_of(order.account, credentials, path)
    }
    names: list[str] = []
    for n, (parcel, units) in enumerate(packed(work), start=1):
        comment = f"Shipment {work.id}, parcel {n}"
        if comment in known:
            names.append(known[comment])
            continue
        told = {
            "order_address_id": int(work.ship_group_id.removeprefix(GROUP)),
            "tracking_number": parcel.tracking_number,
            "shipping_method": parcel.carrier or "Parcel",
            "comments": comment,
            "items": [{"order_product_id": int(line), "quantity": n} for line, n in units.items()],
        }
        if parcel.link:
            told["tracking_link"] = parcel.link
        names.append(str(ask(order.account, credentials, "POST", path, None, told)["id"]))
    return names[0]
