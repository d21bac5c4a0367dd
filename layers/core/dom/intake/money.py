"""The money of an order as its channel tells of it: what is guaranteed, and what was paid back.

Derived anew from all that was told, so that it is the same in whatever order it comes.
"""

from __future__ import annotations

from dataclasses import replace

from dom.intake.source import Guaranteed, Source, Told
from dom.model.authorization import Authorization
from dom.model.clock import from_text, to_text
from dom.model.facts import OrderSnapshot, Payment
from dom.model.order import Order, OrderLine

# Nothing of a guarantee is left after that.
SETTLED = frozenset({Payment.PAID, Payment.VOIDED})


def paid_back(order: Order, source: Source) -> Order:
    """The order with what the channel's own refunds paid back: returns never pay it again.

    Ours do not count here.
    """
    theirs = [told for told in source.refunds.values() if not told.ours]
    lines = tuple(_line(line, theirs) for line in order.lines)
    return replace(order, lines=lines, channel_refunded=sum(told.paid for told in theirs))


def newest_guarantee(
    known: Guaranteed | None, at: str, snapshot: OrderSnapshot
) -> Guaranteed | None:
    """What is guaranteed, as the newest snapshot that says it does; of one instant the most."""
    if snapshot.authorized is None:
        return known
    until = to_text(snapshot.authorized_until) if snapshot.authorized_until else ""
    told = (at, snapshot.authorized, snapshot.fees, until)
    return max(known or told, told)


def guaranteed(order: Order, source: Source) -> Order:
    """The order with what is guaranteed of its money; never less than was asked for already."""
    if source.authorized is None:
        return order
    known = order.authorization or Authorization(0)
    _, amount, fees, until = source.authorized
    expires_at = from_text(until) if until else None
    told = replace(
        known,
        amount=max(amount, known.due + known.void),
        fees=fees,
        expires_at=expires_at,
        settled=source.settled,
        # A guarantee that was renewed ends anew.
        warned=known.warned and expires_at == known.expires_at,
    )
    return replace(order, authorization=told)


def _line(line: OrderLine, refunds: list[Told]) -> OrderLine:
    units = sum(
        told.removed.get(line.line_id, 0) + told.returned.get(line.line_id, 0) for told in refunds
    )
    return replace(line, by_channel=units or None)
