"""A return ends without all of its units, and what comes after the end is taken in all the same.

What never came in time is *not sent*: nobody is paid for it, the customer has it and may ask again.
A parcel that comes late makes units outstanding again, so that they are received, graded and paid
like any others, once, by an execution of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from dom.errors import IllegalTransition, InvalidInput
from dom.model.order import Order
from dom.model.return_terms import OVER, ReturnStatus, ShipsOn
from dom.model.rma import Return, ReturnLine, noted
from dom.returns.change import Change
from dom.returns.exchange import paid_instead, with_cancellation, with_release
from dom.returns.ports import Returning


def without_the_rest(record: Return, order: Order, at: datetime, ports: Returning) -> Change:
    """The change to DISPOSED of a return of which nothing more is waited for."""
    not_sent = {x.line_id: x.outstanding for x in record.lines if x.outstanding}
    order = unclaimed(order, record)
    record = replace(_given_up(record), status=ReturnStatus.DISPOSED, due_at=None)
    record = noted(record, at, "ReturnShortened", "sweeper", units=not_sent)
    change = Change("not_sent", at, "sweeper", record, order)
    if any(line.received for line in record.lines):
        return with_release(change, ShipsOn.INSPECTION, ports)
    return with_cancellation(change, ports)


def unclaimed(order: Order, record: Return) -> Order:
    """The order with what is outstanding of the return free to be returned again."""
    lines = [order.line(x.line_id) for x in record.lines]
    pairs = zip(lines, record.lines, strict=True)
    return order.with_lines(
        a.with_back(returning=max(0, a.back.returning - b.outstanding)) for a, b in pairs
    )


def reopened(
    record: Return, order: Order, came: Iterable[tuple[str, int]], ports: Returning
) -> tuple[Return, Order]:
    """Both with the units that came after the end outstanding again; as they are before the end.

    IllegalTransition: it was never allowed, the customer was paid to keep it, or all of it came;
    InvalidInput names the line of which fewer units can come: another return has, or had, them.
    """
    if record.status not in OVER:
        return record, order
    ended = record.status is not ReturnStatus.DISPOSED
    record, order = paid_instead(_given_up(record), order, ports)
    if record.decision is None or record.kept or not any(x.not_sent for x in record.lines):
        raise IllegalTransition("return", record.id, record.status, ReturnStatus.RECEIVED)
    for i, (line_id, units) in enumerate(came):
        line = _late_line(record, order, line_id, units, f"lines.{i}")
        record = record.with_lines([replace(line, not_sent=line.not_sent - units)])
        bought = order.line(line_id)
        claimed = bought.with_back(returning=bought.back.returning + units)
        order = order.with_lines([claimed])
    # The execution that saw the end is over; before the end it still waits.
    return replace(record, reopened=record.reopened + ended), order


def _late_line(record: Return, order: Order, line_id: str, units: int, field: str) -> ReturnLine:
    found = next((x for x in record.lines if x.line_id == line_id), None)
    if found is None:
        raise InvalidInput(f"{field}.line_id", "the return has no such line")
    left = min(found.not_sent, order.line(line_id).returnable)
    if not 0 < units <= left:
        reason = f"{left} of this line were not sent and are in no other return"
        raise InvalidInput(f"{field}.quantity", reason)
    return found


def _given_up(record: Return) -> Return:
    """The return with all that is outstanding as not sent."""
    return record.with_lines(
        replace(x, not_sent=x.not_sent + x.outstanding) for x in record.lines if x.outstanding
    )
