"""What is still wanted of orders, and what was taken off them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tools.shop_stand_in.capturing import Capturing

Json = dict[str, Any]


@dataclass
class Cancelling:
    """Lines of orders by order gid, and the refunds that took units off them.

    A line: `{id, quantity, currentQuantity, unfulfilledQuantity, price}`. `shipping`: what delivery
    cost. `captured`: orders that were paid, so much each; others are only authorized. Of an order
    whose money `capturing` knows, that says what was received.
    """

    capturing: Capturing = field(default_factory=Capturing)

    lines: dict[str, list[Json]] = field(default_factory=dict)
    taken_off: list[Json] = field(default_factory=list)
    refunds: dict[str, list[Json]] = field(default_factory=dict)
    shipping: str = "5.00"
    captured: bool = True
    received: str = "1000.00"
    page: int = 100

    def sell(self, order: str, line: str, units: int, price: str = "10.00") -> Json:
        """One more line of the order."""
        made = {
            "id": f"gid://shopify/LineItem/{line}",
            **dict.fromkeys(("quantity", "currentQuantity", "unfulfilledQuantity"), units),
            "price": price,
        }
        self.lines.setdefault(order, []).append(made)
        return made

    def take_off(self, order: str, line: Json, units: int, kind: str, note: str = "") -> None:
        """Somebody refunds units there."""
        line["currentQuantity"] -= units
        if kind in ("CANCEL", "NO_RESTOCK"):
            line["unfulfilledQuantity"] -= units
        node = {"quantity": units, "restockType": kind, "lineItem": {"id": line["id"]}}
        refund = {"note": note, "refundLineItems": {"nodes": [node]}}
        self.refunds.setdefault(order, []).append(refund)

    def operations(self) -> dict[str, Callable[[Json], Json]]:
        """What it answers, by the name of the operation."""
        return {
            "Lines": lambda asked: {"order": self._lines(asked)},
            "Back": lambda asked: {"order": self._back(asked["id"])},
            "Suggest": lambda asked: {"order": {"suggestedRefund": self._suggest(asked)}},
            "Cancel": lambda asked: {"refundCreate": self._cancel(asked["input"])},
        }

    def _lines(self, asked: Json) -> Json | None:
        if asked["id"] not in self.lines:
            return None
        start = int(asked["after"] or 0)
        end, lines = start + self.page, self.lines[asked["id"]]
        more = {"hasNextPage": end < len(lines), "endCursor": str(end)}
        return {"lineItems": {"nodes": lines[start:end], "pageInfo": more}}

    def _back(self, order: str) -> Json | None:
        if order not in self.lines:
            return None
        money = _money(self._received(order) - self._paid_back(order))
        return {"refunds": self.refunds.get(order, []), "netPaymentSet": money}

    def _received(self, order: str) -> Decimal:
        if order in self.capturing.transactions:
            return self.capturing.received(order)
        return Decimal(self.received if self.captured else 0)

    def _paid_back(self, order: str) -> Decimal:
        mine = (told for told in self.taken_off if told["orderId"] == order)
        parts = (part for told in mine for part in told["transactions"])
        return sum((Decimal(part["amount"]) for part in parts), Decimal(0))

    def _suggest(self, asked: Json) -> Json:
        goods = sum(
            (
                Decimal(line["price"]) * wanted["quantity"]
                for wanted in asked["lines"]
                for line in self.lines[asked["id"]]
                if line["id"] == wanted["lineItemId"]
            ),
            Decimal(0),
        )
        shipping = Decimal(self.shipping) if asked["shipping"] and self.captured else Decimal(0)
        amount = goods + shipping if self.captured else Decimal(0)
        transaction = {
            "gateway": "bogus",
            "parentTransaction": {"id": f"{asked['id']}/sale"},
            "amountSet": _money(amount),
        }
        return {"suggestedTransactions": [transaction], "shipping": {"amountSet": _money(shipping)}}

    def _cancel(self, told: Json) -> Json:
        order = told["orderId"]
        for wanted in told["refundLineItems"]:
            (line,) = (one for one in self.lines[order] if one["id"] == wanted["lineItemId"])
            if wanted["quantity"] > line["unfulfilledQuantity"]:
                text = "Quantity cannot refund more items than were purchased"
                return {"refund": None, "userErrors": [{"field": None, "message": text}]}
            self.take_off(order, line, wanted["quantity"], wanted["restockType"], told["note"])
        self.taken_off.append(told)
        number = f"gid://shopify/Refund/c{len(self.taken_off)}"
        return {"refund": {"id": number}, "userErrors": []}


def _money(amount: Decimal) -> Json:
    return {"shopMoney": {"amount": f"{amount:.2f}"}}
