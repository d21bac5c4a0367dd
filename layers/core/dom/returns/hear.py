"""What channels and carriers say of returns, carried out: repeats and disorder change nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dom.errors import IllegalTransition, Retryable
from dom.model.facts import ReturnEvent, ReturnNews
from dom.model.ids import OrderId, ReturnId
from dom.model.return_terms import ReturnMethod, ReturnOutcome, ReturnReason
from dom.model.rma import Return
from dom.returns import decide
from dom.returns.decide import Word
from dom.returns.ports import Returning
from dom.returns.request import request_return
from dom.returns.scan import scan
from dom.returns.wanted import Override, Wanted, WantedLine


class NotThereYet(Retryable):
    """The order or the return is not known yet: events of a channel overtake each other."""


class Tracking(Protocol):
    """Returns by what carriers call their parcels."""

    def find(self, number: str) -> ReturnId | None:
        """The return whose label has that tracking number, or None."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of it: the return, or why nothing did."""

    record: Return | None = None
    ignored: str = ""


def hear(news: ReturnNews, ports: Returning, tracking: Tracking) -> Heard:
    """Carry it out. NotThereYet and Busy: try again later; what can never be is ignored, and told.

    Rejected: it speaks of lines or quantities that the order does not have: a person must look.
    """
    if news.event is ReturnEvent.SCANNED:
        name = tracking.find(news.tracking_number)
        if name is None:
            return Heard(ignored="not a parcel of a return")
        return Heard(scan(name, news.scan, news.at, ports))
    if news.order_id is None or ports.orders.load(news.order_id) is None:
        raise NotThereYet(f"order {news.order_id} is not there yet")
    if news.event is ReturnEvent.REQUESTED:
        return Heard(_requested(news, news.order_id, ports))
    return _decided(news, news.order_id, ports)


def _requested(
    news: ReturnNews, order_id: OrderId, ports: Returning, override: Override | None = None
) -> Return:
    lines = tuple(
        WantedLine(x.line_id, x.quantity, _reason(x.reason), x.note[:500]) for x in news.lines
    )
    wanted = Wanted(
        order_id,
        lines,
        ReturnMethod.MAIL,
        ReturnOutcome.REFUND,
        override=override,
        external_id=news.external_id,
    )
    return request_return(wanted, "channel", ports)


def _reason(text: str) -> ReturnReason:
    try:
        return ReturnReason(text.lower())
    except ValueError:
        return ReturnReason.OTHER


def _decided(news: ReturnNews, order_id: OrderId, ports: Returning) -> Heard:
    found = [x for x in ports.orders.returns_of(order_id) if x.external_id == news.external_id]
    if not found and news.event is ReturnEvent.APPROVED and news.lines:
        # Made by the shop's staff, who need not ask.
        return Heard(_requested(news, order_id, ports, Override("channel", "made by the shop")))
    if not found:
        raise NotThereYet(f"return {news.external_id} of {order_id} is not there yet")
    step = {
        ReturnEvent.APPROVED: decide.approve,
        ReturnEvent.DECLINED: decide.decline,
        ReturnEvent.CANCELLED: decide.cancel,
    }[news.event]
    word = Word("channel", news.text or f"{news.event.value} at the channel")
    try:
        return Heard(step(found[0].id, word, ports))
    except IllegalTransition as refused:
        # We had decided it ourselves, or the goods are here already: that stands.
        return Heard(found[0], ignored=str(refused))
