"""What the channel paid back by itself, as the order carries it: returns never pay it again.

Derived anew from all refunds that were told, so that it is the same in whatever order they come.
"""

from __future__ import annotations

from dataclasses import replace

from dom.intake.source import Source, Told
from dom.model.order import Order, OrderLine


def paid_back(order: Order, source: Source) -> Order:
    """The order with what the channel's own refunds paid back; ours do not count here."""
    theirs = [told for told in source.refunds.values() if not told.ours]
    lines = tuple(_line(line, theirs) for line in order.lines)
    return replace(order, lines=lines, channel_refunded=sum(told.paid for told in theirs))


def _line(line: OrderLine, refunds: list[Told]) -> OrderLine:
    units = sum(
        told.removed.get(line.line_id, 0) + told.returned.get(line.line_id, 0) for told in refunds
    )
    return replace(line, by_channel=units or None)
