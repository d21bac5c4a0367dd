"""Goods come in: all of them, some, none of what was promised, or something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dom.errors import InvalidInput, NotFound
from dom.model.ids import LocationId
from dom.model.order import Bucket, Order, OrderLine
from dom.model.return_terms import OVER, ReturnStatus, ShipsOn
from dom.model.rma import Return, ReturnLine, Unexpected, check_edge, noted
from dom.returns.change import Change, change_return, remembered
from dom.returns.exchange import paid_instead, with_cancellation, with_release
from dom.returns.money import dues_of
from dom.returns.pay import paid
from dom.returns.ports import Returning
from dom.returns.signals import received
from dom.returns.unsent import reopened

Units = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was found in the parcel, and what is known never to come: (line id, units)."""

    location_id: LocationId
    lines: tuple[Units, ...] = ()
    missing: tuple[Units, ...] = ()
    unexpected: tuple[Unexpected, ...] = ()
    request_id: str = ""


def receive(name: str, receipt: Receipt, actor: str, ports: Returning) -> Return:
    """Note what came, wherever it came to; it may come in parts, and after the end.

    NotFound: no such return or location; IllegalTransition: it was never allowed;
    InvalidInput names the line of which fewer units can come.
    """
    if not (receipt.lines or receipt.missing or receipt.unexpected):
        raise InvalidInput("lines", "nothing is received")
    if receipt.location_id not in ports.places.network([receipt.location_id]).index:
        raise NotFound("location", receipt.location_id)

    def decide(record: Return, order: Order) -> Change | None:
        if receipt.request_id and receipt.request_id in record.requests:
            return None
        check_edge(record, ReturnStatus.RECEIVED)
        return remembered(_received(record, order, receipt, actor, ports), receipt.request_id)

    return change_return(name, decide, ports)


def _received(
    record: Return, order: Order, receipt: Receipt, actor: str, ports: Returning
) -> Change:
    now, late = ports.clock(), record.status in OVER

    def note(text: str) -> str:
        return "" if order.is_forgotten(now) else ports.notes.seal(record.order_id, text)

    record, order = reopened(record, order, receipt.lines, ports)
    record, order = paid_instead(record, order, ports)
    record = _counted(record, receipt)
    order = _came_back(order, receipt)
    record = replace(
        record,
        status=ReturnStatus.RECEIVED,
        location_id=receipt.location_id,
        received_at=now,
        unexpected=(
            *record.unexpected,
            *(replace(one, note=note(one.note)) for one in receipt.unexpected),
        ),
    )
    record = noted(record, now, "ReturnReceived", actor, late=late, **_facts(receipt))
    record = waiting(record, now, ports)
    if ports.rules.returns.refund_on in (ShipsOn.SCAN, ShipsOn.RECEIPT):
        dues = dues_of((x.line_id, x.received - x.refunded) for x in record.lines)
        owed = [one for one in dues if one.quantity > 0]
        order, record = paid(order, record, owed, actor, now, ports.rules.returns)
    missing = sum(units for _, units in receipt.missing)
    wrong = sum(one.quantity for one in receipt.unexpected)
    counts = received(record, missing, wrong, now)
    change = Change("received", now, actor, record, order, tallies=counts)
    if any(line.received for line in record.lines):
        return with_release(change, ShipsOn.RECEIPT, ports)
    return with_cancellation(change, ports) if record.accounted else change


def waiting(record: Return, now: datetime, ports: Returning) -> Return:
    """The return with the state that follows from what is accounted for, and when to look again."""
    policy = ports.rules.returns
    if record.accounted:
        return replace(record, status=ReturnStatus.DISPOSED, due_at=None)
    if record.to_inspect:
        return replace(record, due_at=now + timedelta(hours=policy.inspect_hours))
    # However long the inspection took.
    last = record.received_at or now
    return replace(record, due_at=last + timedelta(days=policy.receive_days))


def _counted(record: Return, receipt: Receipt) -> Return:
    for field, pairs in (("lines", receipt.lines), ("missing", receipt.missing)):
        for i, (line_id, units) in enumerate(pairs):
            line = line_of(record, line_id, f"{field}.{i}.line_id")
            if not 0 < units <= line.outstanding:
                reason = f"{line.outstanding} of this line are outstanding"
                raise InvalidInput(f"{field}.{i}.quantity", reason)
            came = replace(line, received=line.received + units)
            lost = replace(line, missing=line.missing + units)
            record = record.with_lines([came if field == "lines" else lost])
    return record


def line_of(record: Return, line_id: str, field: str) -> ReturnLine:
    """The line of the return; InvalidInput names the field where there is none."""
    try:
        return record.line(line_id)
    except KeyError:
        raise InvalidInput(field, "the return has no such line") from None


def _came_back(order: Order, receipt: Receipt) -> Order:
    for line_id, units in receipt.lines:
        order = order.with_lines([_returned(order.line(line_id), units)])
    for line_id, units in receipt.missing:
        line = order.line(line_id)
        order = order.with_lines([line.with_back(returning=max(0, line.back.returning - units))])
    return order


def _returned(line: OrderLine, units: int) -> OrderLine:
    delivered = min(units, line.units(Bucket.DELIVERED))
    line = line.moved(Bucket.DELIVERED, Bucket.RETURNED, delivered)
    line = line.moved(Bucket.COLLECTED, Bucket.RETURNED, units - delivered)
    return line.with_back(returning=max(0, line.back.returning - units))


def _facts(receipt: Receipt) -> dict[str, object]:
    def told(pairs: Sequence[Units]) -> dict[str, int]:
        return dict(pairs)

    return {
        "received": told(receipt.lines),
        "missing": told(receipt.missing),
        "unexpected": [{"sku": x.sku, "quantity": x.quantity} for x in receipt.unexpected],
    }
