"""Refunds by Shopify's GraphQL Admin API.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/refundCreate: `@idempotent` is required
from version 2026-04 on. The note names our return, so that a refund whose answer was lost is found
again, and its webhook (refunds/create) is known as our own.
"""

from __future__ import annotations

import re

from dom.channels.credentials import Credentials
from dom.channels.refunds import refund_key
from dom.channels.shopify_graphql import Json, ask, gid, idempotency_key, refused
from dom.channels.shopify_payments import parts_of
from dom.errors import Rejected
from dom.model.money import decimal_text
from dom.model.order import Order
from dom.model.refund import Refund, RefundLine
from dom.model.return_terms import Disposition
from dom.model.rma import Return

# What `note` writes, as it comes back with the webhook of the refund.
OURS = re.compile(r"Return ord_[a-z0-9]+-R[0-9]+/[0-9]+")

ORDER = """query Order($id: ID!) { order(id: $id) {
  refunds(first: 100) { id note }
  transactions(first: 100) { id kind status gateway amountSet { shopMoney { amount } }
    parentTransaction { id } } } }"""
REFUND = """mutation Refund($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) {
    refund { id } userErrors { field message } } }"""


def pay(order: Order, record: Return, refund: Refund, credentials: Credentials) -> str:
    """See `Refunder`."""
    key, account = refund_key(record, refund), order.account
    found = ask(account, credentials, ORDER, {"id": gid("Order", order.external_id)})["order"]
    if found is None:
        raise Rejected("Shopify does not know the order")
    paid = [one["id"] for one in found["refunds"] if note(key) in (one["note"] or "")]
    if paid:
        return str(paid[0])
    values = {
        "input": _input(order, refund, key, found["transactions"]),
        "key": idempotency_key(f"refund:{key}"),
    }
    made = ask(account, credentials, REFUND, values)["refundCreate"]
    if made["userErrors"]:
        raise refused(made["userErrors"])
    return str(made["refund"]["id"])


def note(key: str) -> str:
    """What the refund's note says: the return, and which of its refunds it is."""
    return f"Return {key}"


def _input(order: Order, refund: Refund, key: str, transactions: list[Json]) -> Json:
    lines = [_line(line) for line in refund.lines if line.quantity]
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
