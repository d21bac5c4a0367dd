"""Lines cancelled here, told to Amazon by a feed, which then does not charge the buyer.

https://developer-docs.amazon.com/sp-api/docs/feeds-api-v2021-06-30-use-case-guide, feed type
POST_ORDER_ACKNOWLEDGEMENT_DATA. It cancels whole lines of which nothing was shipped; of others a
person decides, and pays back in Seller Central. Feeds are carried out minutes later: asked again
before that, the same lines are told again, which cancels nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from dom.channels.amazon_api import ask, require_amazon, seller_id
from dom.channels.amazon_feed import AmazonFeed
from dom.channels.cancellations import Told
from dom.channels.credentials import Credentials
from dom.errors import Rejected
from dom.http.client import send
from dom.model.order import Bucket, Order

FEEDS = "/feeds/2021-06-30"
FEED_TYPE = "POST_ORDER_ACKNOWLEDGEMENT_DATA"
CONTENT_TYPE = "text/xml; charset=UTF-8"
BY_BUYER = "BuyerCanceled"
BY_US = "NoInventory"


def tell(order: Order, credentials: Credentials) -> Told:
    """See `CancellationTeller`."""
    body = AmazonFeed(order.account, credentials).fetch(order.external_id)
    missing = list(_missing(order, body))
    if not missing:
        return Told({})
    reasons = {line: reason for line, _, reason in missing}
    units = {line: units for line, units, _ in missing}
    return Told(units, _submit(order, _envelope(order, reasons), credentials))


def _missing(order: Order, body: bytes) -> Iterator[tuple[str, int, str]]:
    """Lines with the units that are cancelled here and not there, and why. Rejected: a part of
    one.
    """
    # Here, since pydantic is loaded only where something is cancelled.
    from dom.channels.amazon_orders import CANCELLED, cancelled_units, read_order

    found = read_order(body)
    items = {item.order_item_id: item for item in found.order_items}
    status = found.fulfillment.fulfillment_status
    if status == CANCELLED:
        return
    for line in order.lines:
        item = items.get(line.line_id)
        if item is None:
            continue
        left = item.quantity_ordered - cancelled_units(item, status)
        missing = line.units(Bucket.CANCELLED) - (line.quantity - left)
        if missing <= 0:
            continue
        if missing < left:
            raise Rejected(f"Amazon cancels whole lines only, not a part of {line.line_id}")
        wished = item.cancellation and item.cancellation.cancellation_request
        yield line.line_id, missing, BY_BUYER if wished else BY_US


def _envelope(order: Order, reasons: Mapping[str, str]) -> bytes:
    """https://sellercentral.amazon.com/help: OrderAcknowledgement.xsd, StatusCode Failure."""
    root = Element("AmazonEnvelope")
    header = SubElement(root, "Header")
    SubElement(header, "DocumentVersion").text = "1.01"
    SubElement(header, "MerchantIdentifier").text = seller_id(order.account)
    SubElement(root, "MessageType").text = "OrderAcknowledgement"
    message = SubElement(root, "Message")
    SubElement(message, "MessageID").text = "1"
    told = SubElement(message, "OrderAcknowledgement")
    SubElement(told, "AmazonOrderID").text = order.external_id
    SubElement(told, "StatusCode").text = "Failure"
    for line, reason in sorted(reasons.items()):
        item = SubElement(told, "Item")
        SubElement(item, "AmazonOrderItemCode").text = line
        SubElement(item, "CancelReason").text = reason
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _submit(order: Order, document: bytes, credentials: Credentials) -> str:
    """The feed's id: a place for the document, the document, and the feed that names it."""

    def made(path: str, payload: object) -> Mapping[str, object]:
        return ask(order.account, credentials, "POST", f"{FEEDS}{path}", None, payload).object()

    place = made("/documents", {"contentType": CONTENT_TYPE})
    upload = str(place["url"])
    require_amazon(upload, credentials)
    send("PUT", upload, document, {"Content-Type": CONTENT_TYPE})
    feed = {
        "feedType": FEED_TYPE,
        "marketplaceIds": [x.strip() for x in credentials.marketplaces.split(",")],
        "inputFeedDocumentId": place["feedDocumentId"],
    }
    return str(made("/feeds", feed)["feedId"])
