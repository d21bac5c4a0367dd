"""A return gets its label: made for it, or told by whoever ships it on their own account."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dom.errors import InvalidInput
from dom.model.commit import Claim
from dom.model.order import Order
from dom.model.return_terms import EXPECTED, ReturnStatus
from dom.model.rma import Label, Return, check_edge, noted
from dom.returns.change import Change, change_return
from dom.returns.ports import Returning

# A parcel may be on its way for long, and its last scan come late.
KEPT_DAYS = 400


def tracking_key(number: str) -> str:
    """What finds a return by its parcel's number, however it is spaced and capitalized."""
    return f"tracking#{''.join(number.split()).upper()}"


def labelled(record: Return, label: Label, at: datetime, actor: str) -> Change:
    """The change to a return with that label, findable by its number if it has one."""
    status = ReturnStatus.LABELLED
    record = replace(record, status=status, label=label)
    told = {"carrier": label.carrier, "tracking_number": label.tracking_number}
    cost = {"cost": label.cost.amount, "currency": label.cost.currency} if label.cost else {}
    record = noted(record, at, "ReturnLabelled", actor, **told, **cost)
    return Change("labelled", at, actor, record, claims=_claims(record, label, at))


def track(name: str, carrier: str, number: str, actor: str, ports: Returning) -> Return:
    """Note by what number the customer's parcel is tracked; the slip stays.

    A repeat changes nothing. IllegalTransition once it was received; InvalidInput where the number
    is another parcel's.
    """

    def decide(record: Return, order: Order) -> Change | None:
        known = record.label or Label()
        if tracking_key(known.tracking_number) == tracking_key(number):
            return None
        if record.status not in EXPECTED:
            check_edge(record, ReturnStatus.IN_TRANSIT)
        if any(_has(other, number) for other in ports.orders.returns_of(record.order_id)):
            raise InvalidInput("tracking_number", "another return has it")
        label = replace(known, carrier=carrier, tracking_number=number)
        now = ports.clock()
        record = replace(record, label=label)
        told = {"carrier": carrier, "tracking_number": number}
        record = noted(record, now, "ReturnLabelled", actor, **told)
        return Change("tracked", now, actor, record, claims=_claims(record, label, now))

    return change_return(name, decide, ports)


def _has(record: Return, number: str) -> bool:
    label = record.label
    return bool(label) and tracking_key(label.tracking_number) == tracking_key(number)  # type: ignore[union-attr]


def _claims(record: Return, label: Label, at: datetime) -> tuple[Claim, ...]:
    if not label.tracking_number:
        return ()
    key = tracking_key(label.tracking_number)
    return (Claim(key, record.order_id, at, record.id, KEPT_DAYS),)
