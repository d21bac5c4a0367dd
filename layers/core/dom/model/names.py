"""Names that callers choose, as they stand in paths and bodies: what a key can hold."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from dom.errors import InvalidInput, NotFound
from dom.model.ids import FulfillmentOrderId, LocationId, OrderId, ReturnId, Sku

# A DynamoDB partition key holds 2,048 bytes, and both stand in one, percent-encoded.
SKU_BYTES = 1_200
LOCATION_BYTES = 600
_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
_RETURN_ID = re.compile(r"[A-Za-z0-9_-]{1,70}-R[0-9]{1,6}")
_FULFILLMENT_ORDER_ID = re.compile(r"[A-Za-z0-9_-]{1,70}-[0-9]{1,6}")


def sku(text: str) -> Sku:
    """A SKU: any text without control characters, up to 1,200 bytes percent-encoded.

    Spaces around it are dropped, as they are in orders.
    """
    return Sku(_checked("sku", text.strip(), SKU_BYTES))


def location_id(text: str) -> LocationId:
    """A location's id: any text without control characters or `/`, up to 600 bytes encoded."""
    if "/" in text or text != text.strip():
        raise InvalidInput("location_id", "it may not hold a slash, or begin or end with a space")
    return LocationId(_checked("location_id", text, LOCATION_BYTES))


def order_id(text: str) -> OrderId:
    """An id that could be an order's; NotFound otherwise."""
    if not _ID.fullmatch(text):
        raise NotFound("order", text[:80])
    return OrderId(text)


def fulfillment_order_id(text: str) -> FulfillmentOrderId:
    """An id that could be a FulfillmentOrder's; NotFound otherwise."""
    if not _FULFILLMENT_ORDER_ID.fullmatch(text):
        raise NotFound("fulfillment order", text[:80])
    return FulfillmentOrderId(text)


def return_id(text: str) -> ReturnId:
    """An id that could be a return's; NotFound otherwise."""
    if not _RETURN_ID.fullmatch(text):
        raise NotFound("return", text[:80])
    return ReturnId(text)


def _checked(field: str, text: str, longest: int) -> str:
    if not text:
        raise InvalidInput(field, "it may not be empty")
    if not text.isprintable() and any(map(_is_control, text)):
        raise InvalidInput(field, "it may not hold control characters")
    # A character is four bytes at most, and each byte three characters: short texts need no look.
    if len(text) * 12 > longest and len(quote(text, safe="")) > longest:
        raise InvalidInput(field, "it is too long")
    return text


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"}
