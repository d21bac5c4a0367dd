"""Orders in the API: operations, and what callers may ask for."""

from __future__ import annotations

from dataclasses import dataclass

from dom.api.operation import Operation, Query
from dom.api.request import Request
from dom.api.views import AcceptedView, OrdersView, OrderView
from dom.channels.api_models import OrderBody
from dom.channels.api_orders import facts_of
from dom.channels.payload import read
from dom.errors import InvalidInput
from dom.model.ids import OrderId, order_id_for
from dom.model.order import Order

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


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search by the channel's id; `account` "": any."""

    channel: str
    external_id: str
    account: str = ""

    def order_ids(self) -> list[OrderId]:
        """The only id it can be, if the account is known: that is read consistently."""
        if not self.account:
            return []
        return [order_id_for(self.channel, self.account, self.external_id)]

    def matches(self, order: Order) -> bool:
        """Whether it is such an order: the index joins channel and id into one text."""
        return (order.channel, order.external_id) == (self.channel, self.external_id)


def wanted(request: Request) -> Wanted:
    """The search of a request; InvalidInput names what is missing or too long."""
    found = Wanted(
        request.needed("channel"), request.needed("external_id"), request.query.get("account", "")
    )
    for field, value in (("channel", found.channel), ("external_id", found.external_id)):
        if len(value.encode()) > LONGEST:
            raise InvalidInput(field, "it is too long")
    return found


def placed(request: Request) -> OrderBody:
    """The order in a body, checked as ingest will check it; InvalidInput names the field."""
    order = read(OrderBody, request.raw())
    facts_of(order)
    return order
