"""Money that was only authorized: captured in one or in many parts, or voided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Json = dict[str, Any]
_NOT_VOIDABLE = "Parent transaction require a parent_id referring to a voidable transaction"


@dataclass
class Capturing:
    """Transactions by order gid. `declines`: so many captures are refused by the bank,
    as are all of those `declined`.

    `rate`: what one unit of the shop's currency is in the buyer's, `shown`.
    """

    transactions: dict[str, list[Json]] = field(default_factory=dict)
    declines: int = 0
    declined: set[str] = field(default_factory=set)
    rate: Decimal = Decimal(1)
    shown: str = "USD"

    def authorize(self, order: str, amount: str, *, many: bool = True) -> str:
        """A bank guarantees so much, to be captured in `many` parts or once; its id."""
        return self._add(order, "AUTHORIZATION", Decimal(amount), many=many)

    def pay(self, order: str, amount: str, kind: str = "SALE", status: str = "SUCCESS") -> str:
        """So much is paid otherwise, as by a gift card."""
        return self._add(order, kind, Decimal(amount), status=status)

    def captured(self, order: str) -> list[str]:
        """The captures made, in the buyer's currency."""
        return [
            one["amountSet"]["presentmentMoney"]["amount"]
            for one in self.transactions[order]
            if (one["kind"], one["status"]) == ("CAPTURE", "SUCCESS")
        ]

    def received(self, order: str) -> Decimal:
        """What was captured or paid otherwise, in the shop's currency."""
        good = (one for one in self.transactions[order] if one["status"] == "SUCCESS")
        taken = (one for one in good if one["kind"] in ("SALE", "CAPTURE"))
        return sum((Decimal(x["amountSet"]["shopMoney"]["amount"]) for x in taken), Decimal(0))

    def voided(self, order: str) -> bool:
        """Whether what was guaranteed, or the rest of it, was let go."""
        return any(one["kind"] == "VOID" or one.get("final") for one in self.transactions[order])

    def operations(self) -> dict[str, Callable[[Json], Json]]:
        """What it answers, by the name of the operation."""
        return {
            "Money": lambda asked: {"order": self._money(asked["id"])},
            "Capture": lambda asked: {"orderCapture": self._capture(asked["input"])},
            "Void": lambda asked: {"transactionVoid": self._void(asked["parent"])},
        }

    def _money(self, order: str) -> Json | None:
        if order not in self.transactions:
            return None
        known = self.transactions[order]
        return {
            "presentmentCurrencyCode": self.shown,
            "transactions": known,
        }

    def _capture(self, told: Json) -> Json:
        order, parent = told["id"], told["parentTransactionId"]
        if self.declines or parent in self.declined:
            self.declines = max(0, self.declines - 1)
            made = self._add(order, "CAPTURE", Decimal(0), parent, status="FAILURE")
            return {"transaction": {"id": made, "status": "FAILURE"}, "userErrors": []}
        shown = Decimal(told["amount"])
        if shown > self._left(order, parent):
            text = "Capture amount exceeds the amount that is left"
            return {"transaction": None, "userErrors": [{"field": ["amount"], "message": text}]}
        amount = shown / self.rate
        made = self._add(order, "CAPTURE", amount, parent, final=told["finalCapture"])
        return {"transaction": {"id": made, "status": "SUCCESS"}, "userErrors": []}

    def _left(self, order: str, parent: str) -> Decimal:
        known = self.transactions[order]
        (guarantee,) = (one for one in known if one["id"] == parent)
        mine = [x for x in known if x["status"] == "SUCCESS" and _parent(x) == parent]
        over = any(x["kind"] == "VOID" or x["final"] for x in mine)
        if over or (mine and not guarantee["multiCapturable"]):
            return Decimal(0)
        return _amount(guarantee) - sum(map(_amount, mine), Decimal(0))

    def _void(self, parent: str) -> Json:
        order = parent.rpartition("/t")[0]
        if any(_parent(x) == parent for x in self.transactions[order] if x["status"] == "SUCCESS"):
            error = {"field": None, "message": _NOT_VOIDABLE, "code": "AUTH_NOT_VOIDABLE"}
            return {"transaction": None, "userErrors": [error]}
        made = self._add(order, "VOID", Decimal(0), parent)
        return {"transaction": {"id": made, "status": "SUCCESS"}, "userErrors": []}

    def _add(
        self,
        order: str,
        kind: str,
        amount: Decimal,
        parent: str = "",
        *,
        many: bool = False,
        final: bool = False,
        status: str = "SUCCESS",
    ) -> str:
        known = self.transactions.setdefault(order, [])
        made = {
            "id": f"{order}/t{len(known) + 1}",
            "kind": kind,
            "status": status,
            "multiCapturable": many,
            "parentTransaction": {"id": parent} if parent else None,
            "amountSet": {
                "shopMoney": {"amount": f"{amount:.2f}"},
                "presentmentMoney": {"amount": f"{amount * self.rate:.2f}"},
            },
            "final": final,
        }
        known.append(made)
        return str(made["id"])


def _amount(transaction: Json) -> Decimal:
    return Decimal(transaction["amountSet"]["presentmentMoney"]["amount"])


def _parent(transaction: Json) -> str:
    return str((transaction["parentTransaction"] or {}).get("id", ""))
