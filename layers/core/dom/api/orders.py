"""Orders in the API: operations, and what callers may ask for."""

from __future__ import annotations

from dom.api.operation import Operation, Query
from dom.api.request import Request
from dom.api.views import AcceptedView, OrdersView, OrderView
from dom.channels.api_models import OrderBody
from dom.errors import InvalidInput

LONGEST = 1_000

POST_ORDER = Operation(
    "postOrder",
    "POST",
    "/orders",
    "orders:write",
    "Take in an order of a shop without an adapter; it is there a moment later.",
    AcceptedView,
    body=OrderBody,
    success=202,
    headers=(
        Query(
            "Idempotency-Key",
            "The same key and payload get the same answer, the same key and another payload 409. "
            "Without it the key is channel, account and external_id.",
        ),
    ),
    problems=(409,),
)
FIND_ORDERS = Operation(
    "findOrders",
    "GET",
    "/orders",
    "orders:read",
    "Orders by the shop's own id; a new one shows within a second.",
    OrdersView,
    query=(
        Query("channel", "Such as shopify.", required=True),
        Query("external_id", "The channel's id of the order.", required=True),
        Query("account", "Only this shop of the channel."),
    ),
)
GET_ORDER = Operation(
    "getOrder",
    "GET",
    "/orders/{order_id}",
    "orders:read",
    "An order with its buckets, FulfillmentOrders, decisions and timeline.",
    OrderView,
    problems=(404,),
)
OPERATIONS = (POST_ORDER, FIND_ORDERS, GET_ORDER)


def wanted(request: Request) -> tuple[str, str, str]:
    """Channel, external id and account ("": any) of a search; InvalidInput names what is wrong."""
    names = request.needed("channel"), request.needed("external_id")
    for field, value in zip(("channel", "external_id"), names, strict=True):
        if len(value.encode()) > LONGEST:
            raise InvalidInput(field, "it is too long")
    return *names, request.query.get("account", "")
