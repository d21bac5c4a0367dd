"""Units cancelled here, taken off Shopify's order and paid back by refundCreate.

What Shopify has taken off already, whoever did it, is read from the order itself: an answer that
was lost, or a customer who cancelled there, leaves nothing to tell. How much is paid back is
Shopify's own suggestion, or less where money is captured as goods leave: what was not captured for
units that are cancelled is not paid back.
https://shopify.dev/docs/api/admin-graphql/latest/objects/SuggestedRefund
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from dom.channels.cancellations import Told
from dom.channels.credentials import Credentials
from dom.channels.shopify_graphql import Json, ask, gid, pages, refused
from dom.channels.shopify_refunds import OURS
from dom.errors import Rejected
from dom.model.money import decimal_text, parse_money
from dom.model.order import Bucket, Order, OrderStatus
from dom.model.payment import earned
from dom.model.totals import paid_back

# Their product bounds what an answer costs; what is beyond it is taken for cancelled there.
LINES = """query Lines($id: ID!, $after: String) { order(id: $id) {
  lineItems(first: 100, after: $after) {
    nodes { id quantity currentQuantity unfulfilledQuantity }
    pageInfo { hasNextPage endCursor } } } }"""
BACK = """query Back($id: ID!) { order(id: $id) {
  netPaymentSet { shopMoney { amount } } refunds(first: 20) { note
  refundLineItems(first: 30) { nodes { quantity restockType lineItem { id } } } } } }"""
SUGGEST = """query Suggest($id: ID!, $lines: [RefundLineItemInput!], $shipping: Boolean) {
  order(id: $id) { suggestedRefund(refundLineItems: $lines, refundShipping: $shipping) {
    suggestedTransactions { gateway parentTransaction { id } amountSet { shopMoney { amount } } }
    shipping { amountSet { shopMoney { amount } } } } } }"""
REFUND = """mutation Cancel($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) {
    refund { id } userErrors { field message } } }"""


def tell(order: Order, credentials: Credentials) -> Told:
    """See `CancellationTeller`."""
    name = gid("Order", order.external_id)

    def asked(query: str, **variables: object) -> Json:
        return ask(order.account, credentials, query, {"id": name, **variables})

    back = asked(BACK)["order"]
    there = pages(order.account, credentials, LINES, {"id": name}, "order", "lineItems")
    units = _missing(order, back, list(there))
    if not units:
        return Told({})
    lines = [
        {"lineItemId": gid("LineItem", line), "quantity": n, "restockType": "CANCEL"}
        for line, n in units.items()
    ]
    whole = order.status is OrderStatus.CANCELLED
    suggested = asked(SUGGEST, lines=lines, shipping=whole)["order"]["suggestedRefund"]
    told = {
        "orderId": name,
        "note": f"Cancelled {order.order_id}",
        "notify": False,
        "refundLineItems": lines,
        "transactions": list(_transactions(order, suggested, _most(order, back))),
    }
    if whole and _amount(suggested["shipping"]):
        told["shipping"] = {"fullRefund": True}
    # Of its own each time: what is told is what is missing now.
    made = ask(order.account, credentials, REFUND, {"input": told, "key": str(uuid.uuid4())})
    if made["refundCreate"]["userErrors"]:
        raise refused(made["refundCreate"]["userErrors"])
    return Told(units, str(made["refundCreate"]["refund"]["id"]))


def _missing(order: Order, known: Json | None, lines: list[Json]) -> dict[str, int]:
    """Units by line id that are cancelled here and not taken off there."""
    if known is None:
        raise Rejected("Shopify does not know the order")
    back = _came_back(known["refunds"])
    there = {line["id"]: line for line in lines}
    missing: dict[str, int] = {}
    for line in order.lines:
        found = there.get(gid("LineItem", line.line_id))
        if found is None:
            continue
        off = found["quantity"] - found["currentQuantity"] - back[found["id"]]
        units = min(line.units(Bucket.CANCELLED) - max(0, off), found["unfulfilledQuantity"])
        if units > 0:
            missing[line.line_id] = units
    return missing


def _came_back(refunds: list[Json]) -> Counter[str]:
    """Units by line item that are off because they were returned, not cancelled."""
    units: Counter[str] = Counter()
    for refund in refunds:
        ours = OURS.search(refund["note"] or "")
        for node in refund["refundLineItems"]["nodes"]:
            if ours or node["restockType"] in ("RETURN", "LEGACY_RESTOCK"):
                units[node["lineItem"]["id"]] += node["quantity"]
    return units


def _most(order: Order, known: Json) -> int:
    """Minor units that can be paid back at most: of money that is taken as goods leave, what
    nothing that left has earned. What the shop paid back by itself, as goodwill, was of what left:
    it is not taken from this.
    """
    there = parse_money(known["netPaymentSet"]["shopMoney"]["amount"], order.currency).amount
    if order.authorization is None:
        return there
    return max(0, there - (earned(order) - paid_back(order)))


def _transactions(order: Order, suggested: Json, most: int) -> Iterator[Json]:
    """None where nothing was captured: Shopify then captures less."""
    for one in suggested["suggestedTransactions"]:
        told = one["amountSet"]["shopMoney"]["amount"]
        amount = min(parse_money(told, order.currency).amount, most)
        if amount > 0:
            most -= amount
            yield {
                "orderId": gid("Order", order.external_id),
                "parentId": one["parentTransaction"]["id"],
                "gateway": one["gateway"],
                "kind": "REFUND",
                "amount": decimal_text(amount, order.currency),
            }


def _amount(money: Json) -> Decimal:
    return Decimal(str(money["amountSet"]["shopMoney"]["amount"]))
