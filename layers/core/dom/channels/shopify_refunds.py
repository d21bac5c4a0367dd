"""Refunds by Shopify's GraphQL Admin API, version 2026-04.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/refundCreate: `@idempotent` is required
from that version on. The note names our return, so that a refund whose answer was lost is found
again, and its webhook (refunds/create) is known as our own.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from dom.channels.refunds import Credentials, decimal_text, refund_key
from dom.channels.shopify_payments import gid, parts_of
from dom.errors import Busy, Rejected
from dom.http.client import post_json
from dom.model.order import Order
from dom.model.refund import Refund, RefundLine
from dom.model.return_terms import Disposition
from dom.model.rma import Return

VERSION = "2026-04"
# What `note` writes, as it comes back with the webhook of the refund.
OURS = re.compile(r"Return ord_[a-z0-9]+-R[0-9]+/[0-9]+")
Json = dict[str, Any]

ORDER = """query Order($id: ID!) { order(id: $id) {
  refunds(first: 100) { id note }
  transactions(first: 100) { id kind status gateway amountSet { shopMoney { amount } }
    parentTransaction { id } } } }"""
REFUND = """mutation Refund($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) {
    refund { id } userErrors { field message } } }"""


def pay(order: Order, record: Return, refund: Refund, credentials: Credentials) -> str:
    """See `Refunder`."""
    if not credentials.access_token:
        raise Rejected(f"no access_token for {order.account}: make connect-shopify, or pay by hand")
    key = refund_key(record, refund)
    found = _ask(order, credentials, ORDER, {"id": gid("Order", order.external_id)})["order"]
    if found is None:
        raise Rejected("Shopify does not know the order")
    paid = [one["id"] for one in found["refunds"] if note(key) in (one["note"] or "")]
    if paid:
        return str(paid[0])
    values = {"input": _input(order, refund, key, found["transactions"]), "key": _uuid(key)}
    made = _ask(order, credentials, REFUND, values)["refundCreate"]
    if made["userErrors"]:
        raise Rejected("; ".join(str(one["message"]) for one in made["userErrors"])[:400])
    return str(made["refund"]["id"])


def note(key: str) -> str:
    """What the refund's note says: the return, and which of its refunds it is."""
    return f"Return {key}"


def _uuid(key: str) -> str:
    """Shopify's idempotency keys are UUIDs."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"dom:refund:{key}"))


def _ask(order: Order, credentials: Credentials, query: str, variables: Json) -> Json:
    base = credentials.api_url or f"https://{order.account}"
    url = f"{base.rstrip('/')}/admin/api/{VERSION}/graphql.json"
    headers = {"X-Shopify-Access-Token": credentials.access_token}
    answer = post_json(url, {"query": query, "variables": variables}, headers).json()
    errors = answer.get("errors") if isinstance(answer, dict) else "no object"
    if errors:
        raise _refusal(errors)
    data: Json = answer["data"]
    return data


def _refusal(errors: Any) -> Exception:
    """GraphQL errors come with HTTP 200: throttled and internal ones pass, the rest stays."""
    told: list[Json] = errors if isinstance(errors, list) else [{"message": str(errors)}]
    codes = {(one.get("extensions") or {}).get("code") for one in told}
    text = "; ".join(str(one.get("message")) for one in told)[:400]
    passing = codes & {"THROTTLED", "INTERNAL_SERVER_ERROR", "TIMEOUT"}
    return Busy(f"Shopify: {text}") if passing else Rejected(f"Shopify: {text}")


def _input(order: Order, refund: Refund, key: str, transactions: list[Json]) -> Json:
    lines = [_line(line) for line in refund.lines]
    told: Json = {
        "orderId": gid("Order", order.external_id),
        "note": note(key),
        "notify": False,
        "currency": order.currency,
        "refundLineItems": lines,
    }
    if refund.shipping:
        told["shipping"] = {"amount": decimal_text(refund.shipping, order.currency)}
    if refund.store_credit:
        amount = decimal_text(refund.amount.amount, order.currency)
        money = {"amount": amount, "currencyCode": order.currency}
        return {**told, "refundMethods": [{"storeCreditRefund": {"amount": money}}]}
    return {**told, "transactions": parts_of(order, refund, transactions)}


def _line(line: RefundLine) -> Json:
    """Shopify's own stock grows by what is sold as new again, and by nothing else."""
    restock = "RETURN" if line.disposition is Disposition.RESTOCK else "NO_RESTOCK"
    item = gid("LineItem", line.line_id)
    return {"lineItemId": item, "quantity": line.quantity, "restockType": restock}
