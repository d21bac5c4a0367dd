"""Identifiers. Ours match `[A-Za-z0-9_-]{1,80}`, so they can name Step Functions executions."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from typing import NewType

OrderId = NewType("OrderId", str)
FulfillmentOrderId = NewType("FulfillmentOrderId", str)
LocationId = NewType("LocationId", str)
Sku = NewType("Sku", str)
ReturnId = NewType("ReturnId", str)


def digest(*parts: str) -> str:
    """20 characters of base32 (96 bits of BLAKE2b) over the parts; parts cannot run together."""
    joined = "\0".join(f"{len(part)}:{part}" for part in parts)
    raw = hashlib.blake2b(joined.encode(), digest_size=12).digest()
    return base64.b32encode(raw).decode().rstrip("=").lower()


# What `timed_id` makes.
TIMED_ID = re.compile(r"[0-9]{8}T[0-9]{6}-[a-z2-7]{20}")


def timed_id(at: datetime, *parts: str) -> str:
    """A function of an aware instant and of parts; sorts by time as text, to the second."""
    utc = at.astimezone(UTC)
    return f"{utc:%Y%m%dT%H%M%S}-{digest(*parts, utc.isoformat())}"


def order_id_for(channel: str, account: str, external_id: str) -> OrderId:
    """Our id of a channel's order: a function of theirs, so no index is needed for uniqueness."""
    return OrderId("ord_" + digest(channel, account, external_id))


def fulfillment_order_id(order_id: OrderId, number: int) -> FulfillmentOrderId:
    """The id of an order's `number`-th FulfillmentOrder (from 1); never reused."""
    return FulfillmentOrderId(f"{order_id}-{number}")


def order_id_of(fulfillment_order: FulfillmentOrderId | str) -> OrderId:
    """The order that a FulfillmentOrder belongs to; ValueError when it is not such an id."""
    order, separator, number = fulfillment_order.rpartition("-")
    if not separator or not number.isdigit():
        raise ValueError(f"{fulfillment_order!r} is not a FulfillmentOrder id")
    return OrderId(order)


def return_id(order_id: OrderId, number: int) -> ReturnId:
    """The id of an order's `number`-th return (from 1); never reused."""
    return ReturnId(f"{order_id}-R{number}")


def order_id_of_return(name: ReturnId | str) -> OrderId:
    """The order that a return belongs to; ValueError when it is not such an id."""
    order, separator, number = name.rpartition("-R")
    if not separator or not number.isdigit():
        raise ValueError(f"{name!r} is not a return id")
    return OrderId(order)
