"""The money of one of Shopify's orders: what is guaranteed, received, and still to be captured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dom.channels.credentials import Credentials
from dom.channels.shopify_graphql import Json, ask, gid, refused
from dom.errors import Busy, Rejected
from dom.model.money import decimal_text, parse_money
from dom.model.order import Order

CAPTURE = """mutation Capture($input: OrderCaptureInput!) { orderCapture(input: $input) {
  transaction { id status } userErrors { field message } } }"""
VOID = """mutation Void($parent: ID!) { transactionVoid(parentTransactionId: $parent) {
  transaction { id status } userErrors { field message code } } }"""

_TAKEN = frozenset({"SALE", "CAPTURE"})
_OPEN = frozenset({"PENDING", "AWAITING_RESPONSE"})
_REFUSED = frozenset({"FAILURE", "ERROR"})


@dataclass(slots=True)
class Guarantee:
    """An authorization of which `left` can be captured; `many`: in parts. `touched`: some was."""

    id: str
    left: int
    many: bool
    touched: bool


class Till:
    """The money of one order there, in minor units of the buyer's currency."""

    def __init__(self, order: Order, found: Json, credentials: Credentials) -> None:
        self.order, self.credentials = order, credentials
        self.currency = found["presentmentCurrencyCode"]
        known = found["transactions"]
        if any(one["kind"] in ("CAPTURE", "VOID") and one["status"] in _OPEN for one in known):
            raise Busy("Shopify has not decided on a capture yet")
        good = [one for one in known if one["status"] == "SUCCESS"]
        first = [one for one in good if one["kind"] in ("AUTHORIZATION", "SALE")]
        self.total = sum(self._amount(one) for one in first)
        self.our_total = sum(self._ours(one) for one in first)
        self.received = sum(self._amount(one) for one in good if one["kind"] in _TAKEN)
        self.guarantees = list(self._guarantees(good))

    def share(self, ours: int) -> int:
        """Minor units of our currency in the buyer's: all of them are all that was paid."""
        return ours * self.total // self.our_total if self.our_total else ours

    def known_as(self, due: int) -> int:
        """What is captured, in our currency; a part of a minor unit counts for what was due."""
        ours = self.received * self.our_total // self.total if self.total else self.received
        return max(ours, due) if self.received >= self.share(due) else ours

    def capture(self, one: Guarantee, amount: int, last: bool) -> str:
        """Take so much of it; Shopify's id of that."""
        told = {
            "id": gid("Order", self.order.external_id),
            "parentTransactionId": one.id,
            "amount": decimal_text(amount, self.currency),
            "currency": self.currency,
            "finalCapture": last,
        }
        made = ask(self.order.account, self.credentials, CAPTURE, {"input": told})
        reference = _reference(made["orderCapture"])
        one.touched = True
        self.received += amount
        return reference

    def void(self, one: Guarantee) -> str:
        """Let all of it go; Shopify's id of that."""
        made = ask(self.order.account, self.credentials, VOID, {"parent": one.id})
        return _reference(made["transactionVoid"])

    def _guarantees(self, good: list[Json]) -> Iterator[Guarantee]:
        for one in good:
            if one["kind"] != "AUTHORIZATION":
                continue
            after = [x for x in good if (x["parentTransaction"] or {}).get("id") == one["id"]]
            taken = [x for x in after if x["kind"] == "CAPTURE"]
            many = bool(one["multiCapturable"])
            if any(x["kind"] == "VOID" for x in after) or (taken and not many):
                continue
            left = self._amount(one) - sum(map(self._amount, taken))
            if left > 0:
                yield Guarantee(one["id"], left, many, bool(taken))

    def _amount(self, transaction: Json) -> int:
        money = transaction["amountSet"]["presentmentMoney"]
        return parse_money(money["amount"], self.currency).amount

    def _ours(self, transaction: Json) -> int:
        money = transaction["amountSet"]["shopMoney"]
        return parse_money(money["amount"], self.order.currency).amount


def _reference(made: Json) -> str:
    if made["userErrors"]:
        raise refused(made["userErrors"])
    transaction = made["transaction"]
    if transaction["status"] in _REFUSED:
        raise Rejected("the payment was declined")
    if transaction["status"] in _OPEN:
        raise Busy("Shopify has not decided on it yet")
    return str(transaction["id"])
