"""What the customer gets instead: an order of its own, reserved at once, sent when goods come back.

The order is routed like any other, so its stock is reserved; `Order.ship_after` keeps its work from
being released until the return reaches what the policy asks for (`exchange_on`). A return that ends
without goods takes the order back. Whatever comes back sends all of it: an exchange is not split.
"""

from __future__ import annotations

from dataclasses import replace

from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.history import append
from dom.model.order import Bucket, Order
from dom.model.return_terms import ReturnOutcome, ShipsOn
from dom.model.rma import Return
from dom.returns.change import Change
from dom.returns.exchange_order import exchange_order, person_of, worth
from dom.returns.ports import Returning

_ORDER = (ShipsOn.SCAN, ShipsOn.RECEIPT, ShipsOn.INSPECTION)


def with_exchange(change: Change, ports: Returning) -> Change:
    """The approval with the order of what the customer gets instead, if that is what they want."""
    record, order = change.record, change.order
    if record.outcome is not ReturnOutcome.EXCHANGE or order is None:
        return change
    value = worth(order, record, ports.rules.returns, change.at)
    made = exchange_order(order, record, value, change.at, ports.rules.returns)
    person = ports.orders.personal(order.order_id)
    record = replace(record, exchange_order_id=made.order_id, exchange_value=value)
    order = replace(order, exchange_promised=order.exchange_promised + value)
    return replace(
        change,
        record=record,
        order=order,
        others=(made,),
        personal=(person_of(person, order, record, made),) if person else (),
    )


def with_release(change: Change, reached: ShipsOn, ports: Returning) -> Change:
    """The change with the exchange on its way, if the return has reached what that waits for."""
    wanted = ports.rules.returns.exchange_on
    if _ORDER.index(reached) < _ORDER.index(wanted):
        return change
    made = _waiting(change.record, ports)
    if made is None:
        return change
    sent = replace(made, ship_after=None, due_at=change.at)
    works = ports.orders.fulfillment_orders(made.order_id)
    movable = [one for one in works if one.status is FulfillmentStatus.ASSIGNED]
    due: tuple[FulfillmentOrder, ...] = tuple(replace(x, due_at=change.at) for x in movable)
    return replace(change, others=(*change.others, sent), works=due)


def with_cancellation(change: Change, ports: Returning) -> Change:
    """The change with the exchange taken back, if it still waits for the goods."""
    made = _waiting(change.record, ports)
    if made is None:
        return change
    units = {
        line.line_id: left
        for line in made.lines
        if (left := line.quantity - line.units(Bucket.CANCELLED))
    }
    told = {"units": sum(units.values())}
    history = append(made.history, change.at, "CancellationRequested", change.actor, **told)
    back = replace(made, withdraw=units, ship_after=None, history=history, due_at=change.at)
    if change.order:
        record, order = unpromised(change.record, change.order)
        change = replace(change, record=record, order=order)
    return replace(change, others=(*change.others, back))


def unpromised(record: Return, order: Order) -> tuple[Return, Order]:
    """Both with what the exchange did not take free to be paid back."""
    booked = sum(one.exchanged for one in record.refunds)
    left = order.exchange_promised - (record.exchange_value - booked)
    return replace(record, exchange_value=booked), replace(order, exchange_promised=left)


def paid_instead(record: Return, order: Order, ports: Returning) -> tuple[Return, Order]:
    """The return as a refund where all of its exchange was taken back, by whomever: what comes back
    then is paid in money.
    """
    made = ports.orders.load(record.exchange_order_id) if record.exchange_order_id else None
    if record.outcome is not ReturnOutcome.EXCHANGE or made is None or not _taken_back(made):
        return record, order
    return unpromised(replace(record, outcome=ReturnOutcome.REFUND), order)


def _taken_back(made: Order) -> bool:
    return all(
        line.units(Bucket.CANCELLED) + made.withdraw.get(line.line_id, 0) >= line.quantity
        for line in made.lines
    )


def _waiting(record: Return, ports: Returning) -> Order | None:
    made = ports.orders.load(record.exchange_order_id) if record.exchange_order_id else None
    return made if made and made.ship_after and not made.withdraw else None
