"""Transfers and purchases in the API: operations, and how they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from dom.api.operation import Operation, Query
from dom.api.paging import cursor_of
from dom.api.supply_bodies import ExpectBody, PurchaseBody, ReceiveBody, ShipBody, TransferBody
from dom.api.supply_views import SuppliesView, SupplyView
from dom.errors import NotFound
from dom.model.clock import to_text
from dom.model.supply import PREFIXES, SupplyId, SupplyKind, SupplyOrder

_ID = re.compile(r"[a-z]{2}_[a-z2-7]{20}")
_PAGED = (
    Query("location_id", "Open ones from or to it.", required=True),
    Query("next", "From the page before."),
)


def supply_order_id(kind: SupplyKind, text: str) -> SupplyId:
    """An id that could be one of that kind; NotFound otherwise."""
    if not _ID.fullmatch(text) or not text.startswith(PREFIXES[kind]):
        raise NotFound("supply order", text[:80])
    return SupplyId(text)


def cursor(text: str | None) -> str:
    """Where the next page goes on; InvalidInput: it is none of ours."""
    return cursor_of(text, _ID)


POST_TRANSFER = Operation(
    "postTransfer",
    "POST",
    "/transfers",
    "inventory:write",
    "Ask for units of one location at another; the same reference is the same transfer.",
    SupplyView,
    body=TransferBody,
    success=201,
    problems=(409,),
)
LIST_TRANSFERS = Operation(
    "listTransfers",
    "GET",
    "/transfers",
    "inventory:read",
    "Transfers from or to a location that are not over.",
    SuppliesView,
    query=_PAGED,
)
GET_TRANSFER = Operation(
    "getTransfer",
    "GET",
    "/transfers/{id}",
    "inventory:read",
    "A transfer, with what differs between its ends.",
    SupplyView,
    problems=(404,),
)
SHIP_TRANSFER = Operation(
    "shipTransfer",
    "POST",
    "/transfers/{id}/ship",
    "inventory:write",
    "Units left: their stock goes with them.",
    SupplyView,
    body=ShipBody,
    problems=(404, 409),
)
RECEIVE_TRANSFER = Operation(
    "receiveTransfer",
    "POST",
    "/transfers/{id}/receive",
    "inventory:write",
    "Units came: as many as left, fewer, more or others.",
    SupplyView,
    body=ReceiveBody,
    problems=(404, 409),
)
END_TRANSFER = Operation(
    "endTransfer",
    "POST",
    "/transfers/{id}/{action}",
    "inventory:write",
    "close: nothing more is awaited. cancel: nothing of it is wanted any more.",
    SupplyView,
    problems=(404, 409),
)
EXPECT_TRANSFER = Operation(
    "expectTransfer",
    "PATCH",
    "/transfers/{id}",
    "inventory:write",
    "It should come on another day.",
    SupplyView,
    body=ExpectBody,
    problems=(404, 409),
)
POST_PURCHASE = Operation(
    "postPurchaseOrder",
    "POST",
    "/purchase-orders",
    "inventory:write",
    "Announce what a supplier is to send; the same reference is the same order.",
    SupplyView,
    body=PurchaseBody,
    success=201,
    problems=(409,),
)
LIST_PURCHASES = Operation(
    "listPurchaseOrders",
    "GET",
    "/purchase-orders",
    "inventory:read",
    "Purchase orders of a location that are not over.",
    SuppliesView,
    query=_PAGED,
)
GET_PURCHASE = Operation(
    "getPurchaseOrder",
    "GET",
    "/purchase-orders/{id}",
    "inventory:read",
    "A purchase order, with what differs from it.",
    SupplyView,
    problems=(404,),
)
RECEIVE_PURCHASE = Operation(
    "receivePurchaseOrder",
    "POST",
    "/purchase-orders/{id}/receive",
    "inventory:write",
    "Units came: as many as ordered, fewer, more or others.",
    SupplyView,
    body=ReceiveBody,
    problems=(404, 409),
)
END_PURCHASE = Operation(
    "endPurchaseOrder",
    "POST",
    "/purchase-orders/{id}/{action}",
    "inventory:write",
    "close: nothing more is awaited. cancel: nothing of it is wanted any more.",
    SupplyView,
    problems=(404, 409),
)
EXPECT_PURCHASE = Operation(
    "expectPurchaseOrder",
    "PATCH",
    "/purchase-orders/{id}",
    "inventory:write",
    "It should come on another day.",
    SupplyView,
    body=ExpectBody,
    problems=(404, 409),
)
OPERATIONS = (
    POST_TRANSFER,
    LIST_TRANSFERS,
    GET_TRANSFER,
    SHIP_TRANSFER,
    RECEIVE_TRANSFER,
    END_TRANSFER,
    EXPECT_TRANSFER,
    POST_PURCHASE,
    LIST_PURCHASES,
    GET_PURCHASE,
    RECEIVE_PURCHASE,
    END_PURCHASE,
    EXPECT_PURCHASE,
)

# What both kinds have: list, read, receive, end, expect.
COMMON: Mapping[SupplyKind, tuple[Operation, ...]] = {
    SupplyKind.TRANSFER: (
        LIST_TRANSFERS,
        GET_TRANSFER,
        RECEIVE_TRANSFER,
        END_TRANSFER,
        EXPECT_TRANSFER,
    ),
    SupplyKind.PURCHASE: (
        LIST_PURCHASES,
        GET_PURCHASE,
        RECEIVE_PURCHASE,
        END_PURCHASE,
        EXPECT_PURCHASE,
    ),
}


def render(order: SupplyOrder) -> SupplyView:
    """The order as the API shows it."""
    return {
        "id": order.id,
        "kind": order.kind.value,
        "status": order.status.value,
        "reference": order.reference,
        "from_location_id": order.from_location,
        "supplier": order.supplier or None,
        "location_id": order.location_id,
        "expected_on": order.expected_on.isoformat() if order.expected_on else None,
        "created_at": to_text(order.created_at),
        "created_by": order.created_by,
        "ended_at": to_text(order.ended_at) if order.ended_at else None,
        "lines": [
            {
                "sku": one.sku,
                "ordered": one.ordered,
                "shipped": one.shipped,
                "received": one.received,
                "damaged": one.damaged,
            }
            for one in order.lines
        ],
        "discrepancies": [
            {"sku": one.sku, "kind": one.kind, "units": one.units} for one in order.discrepancies
        ],
        "version": order.version,
    }


def render_page(orders: Iterable[SupplyOrder], following: str) -> SuppliesView:
    """A page of them."""
    return {"orders": [render(one) for one in orders], "next": following or None}
