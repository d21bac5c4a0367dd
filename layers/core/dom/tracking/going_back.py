"""What of an order goes back, and the money with it, as its customer sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dom.model.money import decimal_text
from dom.model.order import Order
from dom.model.refund import RefundStatus
from dom.model.return_terms import ReturnStatus
from dom.model.rma import Return
from dom.tracking.shipment import lines_of
from dom.words.language import Language

R = ReturnStatus
_STATES: Mapping[ReturnStatus, str] = {
    R.REQUESTED: "return_requested",
    R.APPROVED: "return_approved",
    R.LABELLED: "return_approved",
    R.DECLINED: "return_declined",
    R.IN_TRANSIT: "return_in_transit",
    R.RECEIVED: "return_received",
    R.INSPECTED: "return_received",
    R.DISPOSED: "return_received",
    R.REFUNDED: "return_over",
    R.EXCHANGED: "return_over",
    R.CLOSED: "return_over",
}


_PAID = {"paid_back": RefundStatus.SENT, "paid_back_soon": RefundStatus.PENDING}


@dataclass(frozen=True, slots=True)
class GoingBack:
    """A return: its state, its lines, and what is paid back for it (what, how much)."""

    title: str
    state: str
    lines: tuple[str, ...]
    money: tuple[tuple[str, str], ...] = ()


def going_back(order: Order, returns: Iterable[Return], language: Language) -> list[GoingBack]:
    """The returns of an order that came to something, oldest first; and what the shop paid back
    without one.
    """
    standing = [one for one in returns if one.status in _STATES]
    told = [
        GoingBack(
            _title(number, standing, language),
            language.page[_state(one)],
            lines_of(order, {line.line_id: line.quantity for line in one.lines}),
            tuple(_money(one, language)),
        )
        for number, one in enumerate(standing, 1)
    ]
    if order.channel_refunded:
        amount = _amount(order.channel_refunded, order.currency, language)
        told.append(GoingBack(language.page["paid_back"], amount, ()))
    return told


def _title(number: int, all_of_them: Sequence[Return], language: Language) -> str:
    title, count = language.page["return_title"], len(all_of_them)
    if count == 1:
        return title
    return language.show("part", title=title, number=str(number), count=str(count))


def _state(record: Return) -> str:
    """What the customer keeps is never to be sent: it is over once it is approved."""
    to_be_sent = record.status in {R.APPROVED, R.LABELLED}
    return "return_over" if to_be_sent and record.kept else _STATES[record.status]


def _money(record: Return, language: Language) -> Iterator[tuple[str, str]]:
    for word, status in _PAID.items():
        paid = sum(one.amount.amount for one in record.refunds if one.status is status)
        if paid:
            yield language.page[word], _amount(paid, record.currency, language)


def _amount(minor: int, currency: str, language: Language) -> str:
    return language.amount(decimal_text(minor, currency), currency)
