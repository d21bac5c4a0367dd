"""What messages say that the event itself knows: what is cancelled, what was paid back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from dom.model.money import Money, decimal_text
from dom.model.order import Bucket, Order
from dom.notify.ports import Notice, Unwanted
from dom.notify.said_of_work import units
from dom.notify.templates import Value
from dom.words.language import Language

CANCELLED, REFUNDED = "OrderCancelled", "RefundSent"


def cancelled(notice: Notice, order: Order, language: Language) -> tuple[str, Mapping[str, Value]]:
    """What is cancelled of the order by now; the subject says whether that is all of it."""
    gone = {line.line_id: line.units(Bucket.CANCELLED) for line in order.lines}
    whole = bool(notice.data.get("whole_order"))
    name = "order_cancelled" if whole else "order_cancelled_part"
    return name, {"lines": units(order, gone)}


def refunded(notice: Notice, order: Order, language: Language) -> tuple[str, Mapping[str, Value]]:
    """How much was paid back, how, and for what. Unwanted: nothing was."""
    money = Money(int(notice.data["amount"]), str(notice.data["currency"]))
    if money.amount <= 0:
        raise Unwanted("NOTHING_PAID")
    back: Counter[str] = Counter()
    for line in notice.data.get("refunded", ()):
        back[line["line_id"]] += int(line["quantity"])
    way = "as_credit" if notice.data.get("store_credit") else "by_card"
    plain = decimal_text(money.amount, money.currency)
    return "order_refunded", {
        "lines": units(order, back),
        "amount": language.amount(plain, money.currency),
        "way": language.words[way],
    }
