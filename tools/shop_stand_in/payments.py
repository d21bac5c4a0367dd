"""What was paid for orders, and paid back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Json = dict[str, Any]


@dataclass
class Payments:
    """Payments by order gid, and refunds made."""

    paid: dict[str, str] = field(default_factory=dict)
    refunds: list[Json] = field(default_factory=list)
    _by_key: dict[str, Json] = field(default_factory=dict)

    def operations(self) -> dict[str, Callable[[Json], Json]]:
        """What it answers, by the name of the operation."""
        return {
            "Order": lambda asked: {"order": self._order(asked["id"])},
            "Refund": lambda asked: {"refundCreate": self._refund(asked)},
        }

    def _order(self, gid: str) -> Json | None:
        if gid not in self.paid:
            return None
        sale = _transaction(f"{gid}/sale", "SALE", self.paid[gid])
        mine = [one for one in self.refunds if one["order"] == gid]
        back = [
            {**_transaction(one["id"], "REFUND", one["amount"]), "parentTransaction": sale}
            for one in mine
        ]
        made = [{"id": one["id"], "note": one["note"]} for one in mine]
        return {"refunds": made, "transactions": [sale, *back]}

    def _refund(self, asked: Json) -> Json:
        told, key = asked["input"], asked["key"]
        if key in self._by_key:
            return self._by_key[key]
        parts = told.get("transactions", [])
        amount = sum((Decimal(one["amount"]) for one in parts), Decimal(0))
        left = Decimal(self.paid[told["orderId"]]) - sum(
            (Decimal(one["amount"]) for one in self.refunds if one["order"] == told["orderId"]),
            Decimal(0),
        )
        if amount > left:
            error = {"field": ["transactions"], "message": "Refund amount exceeds what was paid"}
            return {"refund": None, "userErrors": [error]}
        number = f"gid://shopify/Refund/{len(self.refunds) + 1}"
        made = {"id": number, "order": told["orderId"], "note": told["note"], "input": told}
        self.refunds.append({**made, "amount": str(amount)})
        self._by_key[key] = {"refund": {"id": number}, "userErrors": []}
        return self._by_key[key]


def _transaction(gid: str, kind: str, amount: str) -> Json:
    money = {"shopMoney": {"amount": amount}}
    known = {"id": gid, "kind": kind, "status": "SUCCESS", "gateway": "bogus"}
    return {**known, "amountSet": money, "parentTransaction": None}
