"""What of an order's money is due as its goods leave, and what is let go: exact, and only once.

The amounts are those of `dom.model.totals.share`, by which refunds are paid, too: units that leave
have the first shares of their line, those that come back are paid back from the first one on, and
those that are cancelled have the last. So what is captured for goods that all come back is what is
paid back, to the last minor unit.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dom.model.authorization import Authorization, Taken
from dom.model.history import append
from dom.model.order import GONE, SHIPPED_OR_LATER, Bucket, Method, Order, OrderLine
from dom.model.totals import amount_of, goods_total, share

# What left is worth more, as after an edit: whoever changed the order has to see to the rest.
BEYOND = "more has left than was authorized"
# A capture was under way as units were cancelled: where nobody pays that back by itself, a person.
TOO_MUCH = "more is captured than the order is worth: see that it is paid back"
# What is sent to one of our own stores is not the customer's before it is handed over.
_HANDED_OVER = frozenset({Method.PICKUP, Method.CURBSIDE, Method.SHIP_TO_STORE})


def earned(order: Order) -> int:
    """What goods that left have earned so far, in minor units; with the first of them fees, and
    delivery where they were sent or collected.
    """
    handed = {group.id for group in order.ship_groups if group.method in _HANDED_OVER}
    left = [(line, _left(line, handed)) for line in order.lines]
    sent = any(units and line.ship_group_id for line, units in left)
    goods = sum(_share(order, line, units) for line, units in left)
    fees = _fees(order) if any(units for _, units in left) else 0
    return goods + fees + (amount_of(order.shipping) if sent else 0)


def payable(order: Order) -> int:
    """What the order earns if all that is not cancelled leaves, in minor units."""
    kept = [(line, line.quantity - line.units(Bucket.CANCELLED)) for line in order.lines]
    if not any(units for _, units in kept):
        return 0
    goods = sum(_share(order, line, units) for line, units in kept)
    return goods + _fees(order) + amount_of(order.shipping)


def followed_up(order: Order, at: datetime, actor: str, **said: object) -> Order:
    """The order with what is due of its guaranteed money, and what is let go, as history entries.

    For whoever changes where units of an order stand: in the same write, so that neither can be
    lost. Without a guarantee, or with nothing new, the order as it is. `said` is added to what is
    told. What was asked for before its goods left is not asked for any more once they are
    cancelled, as far as it is not captured; what left has earned its money.
    """
    known = order.authorization
    if known is None or known.settled:
        return order
    wanted = payable(order) if known.early else earned(order)
    floor = min(known.captured, known.due) if known.early else known.due
    due = max(floor, min(wanted, known.amount - known.void))
    void = max(known.void, known.amount - due) if _is_over(order) else known.void
    short = max(known.short, wanted - due)
    facts: dict[str, object] = {"currency": order.currency, **said}
    history = order.history
    if due > known.due:
        part = {"amount": due - known.due, "due": due, "final": due + void == known.amount}
        history = append(history, at, "PaymentCaptureDue", actor, **part, **facts)
    if void > known.void:
        rest = void - known.void
        history = append(history, at, "PaymentVoidDue", actor, amount=rest, **facts)
    if short > known.short:
        over = {"amount": short - known.short, "detail": BEYOND}
        history = append(history, at, "PaymentFailed", actor, **over, **facts)
    failed = "" if due > known.due or void > known.void else known.failed
    changed = replace(known, due=due, void=void, short=short, failed=failed)
    return replace(order, authorization=changed, history=history)


def taken(order: Order, asked: Authorization, found: Taken, at: datetime, actor: str) -> Order:
    """The order as its channel says that its money stands, which was `asked` for what was due then;
    unchanged with nothing new.
    """
    known = order.authorization
    if known is None:
        return order
    captured = max(known.captured, found.captured)
    # Where a guarantee can be captured once only, or units were cancelled since it was asked for,
    # more was taken than is due by now: that is not there to be let go.
    due = max(known.due, min(captured, known.amount))
    void = min(known.void, known.amount - due)
    voided = max(known.voided, min(found.voided, void))
    history = order.history
    facts = {"currency": order.currency, "reference": found.reference}
    if captured > known.captured:
        more = {"amount": captured - known.captured, "captured": captured}
        history = append(history, at, "PaymentCaptured", actor, **more, **facts)
    if voided > known.voided:
        rest = voided - known.voided
        history = append(history, at, "PaymentVoided", actor, amount=rest, **facts)
    over, failed = captured - max(known.captured, payable(order)), ""
    if over > 0:
        failed, told = TOO_MUCH, {"amount": over, "currency": order.currency, "detail": TOO_MUCH}
        history = append(history, at, "PaymentFailed", actor, **told)
    stands = replace(known, captured=captured, voided=voided, due=due, void=void, failed=failed)
    order = replace(order, authorization=stands, history=history)
    return refused(order, asked, found.refused, at, actor) if found.refused else order


def refused(order: Order, asked: Authorization, why: str, at: datetime, actor: str) -> Order:
    """The order whose money the channel does not give, which was `asked` for what was due then: a
    person must look. What became due since is asked for all the same.
    """
    known = order.authorization
    if known is None:
        return order
    missing = max(0, asked.due - known.captured) or max(0, asked.void - known.voided)
    facts = {"amount": missing, "currency": order.currency, "detail": why}
    history = append(order.history, at, "PaymentFailed", actor, **facts)
    newer = known.due > max(asked.due, known.captured) or known.void > asked.void
    failed = known.failed if newer else why or "refused"
    stands = replace(known, failed=failed, refusals=known.refusals + 1)
    return replace(order, authorization=stands, history=history)


def _left(line: OrderLine, handed: set[str]) -> int:
    buckets = GONE if line.ship_group_id in handed else SHIPPED_OR_LATER
    return sum(line.units(bucket) for bucket in buckets)


def _fees(order: Order) -> int:
    return order.authorization.fees if order.authorization else 0


def _share(order: Order, line: OrderLine, units: int) -> int:
    if not units:
        return 0
    tax = 0 if order.taxes_included else amount_of(line.tax)
    parts = (goods_total(line), tax)
    return sum(share(part, line.quantity, 0, units) for part in parts)


def _is_over(order: Order) -> bool:
    """Whether nothing of it can be due any more, unless it is changed."""
    handed = {group.id for group in order.ship_groups if group.method in _HANDED_OVER}
    lines = [x for x in order.lines if x.quantity]
    return bool(lines) and all(
        _left(line, handed) + line.units(Bucket.CANCELLED) >= line.quantity for line in lines
    )
