"""Shipments in WooCommerce: a note with the numbers that the buyer is mailed, and the status.

The core has no shipments. Each is a note to the buyer, found again by its first words, and the
order is `completed` once nothing of it is left to send.
"""

from __future__ import annotations

from collections.abc import Collection

from dom.channels.credentials import Credentials
from dom.channels.woocommerce_rest import ask
from dom.errors import Busy
from dom.model.fulfillment import FulfillmentOrder
from dom.model.order import GONE, Bucket, Order

_DONE = GONE | {Bucket.SHIPPED, Bucket.CANCELLED}


def tell(
    order: Order, work: FulfillmentOrder, others: Collection[str], credentials: Credentials
) -> str:
    """See `dom.channels.shipments.ShipmentTeller`."""
    path = f"orders/{order.external_id}"

    def asked(method: str, below: str = "", payload: object = None) -> object:
        return ask(order.account, credentials, method, f"{path}{below}", None, payload).json()

    known = _known(asked("GET", "/notes"), work)
    if not known:
        note = {"note": _text(work), "customer_note": True}
        known = _id(asked("POST", "/notes", note))
    if all(line.units(b) == 0 for line in order.lines for b in Bucket if b not in _DONE):
        asked("PUT", payload={"status": "completed"})
    return known


def _known(notes: object, work: FulfillmentOrder) -> str:
    if not isinstance(notes, list):
        raise Busy("the notes are no list")
    first = _first(work)
    return next((str(one["id"]) for one in notes if first in str(one.get("note", ""))), "")


def _id(made: object) -> str:
    if not isinstance(made, dict):
        raise Busy("the note is no object")
    return str(made["id"])


def _first(work: FulfillmentOrder) -> str:
    return f"Shipment {work.id}:"


def _text(work: FulfillmentOrder) -> str:
    sent = [
        " ".join(part for part in (one.carrier, one.tracking_number, one.tracking_url) if part)
        for one in work.parcels
        if one.tracking_number
    ]
    return f"{_first(work)} {', '.join(sent) or 'on its way, without a number'}"
