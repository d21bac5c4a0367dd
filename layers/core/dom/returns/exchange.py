"""What the customer gets instead: an order of its own, reserved at once, sent when goods come back.

The order is routed like any other, so its stock is reserved; `Order.ship_after` keeps its work from
being released until the return reaches what the policy asks for (`exchange_on`). A return that ends
without goods takes the order back. Whatever comes back sends all of it: an exchange is not split.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dom.model.commit import PersonalData
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.history import append
from dom.model.ids import order_id_for
from dom.model.money import Money, split_amount
from dom.model.order import Bucket, Method, Order, OrderLine, ShipGroup
from dom.model.return_policy import ReturnPolicy, ShipsOn
from dom.model.rma import Return, ReturnOutcome
from dom.returns.change import Change
from dom.returns.money import Due, refund
from dom.returns.ports import Returning

CHANNEL = "exchange"
GROUP = "sg1"
# Routing answers within seconds; if it does not, the sweep asks again.
LOOK_AGAIN = timedelta(minutes=5)
# After the last day on which goods may come, and the sweep has ended the return.
MARGIN = timedelta(days=2)
_ORDER = (ShipsOn.SCAN, ShipsOn.RECEIPT, ShipsOn.INSPECTION)


def with_exchange(change: Change, ports: Returning) -> Change:
    """The approval with the order of what the customer gets instead, if that is what they want."""
    record, order = change.record, change.order
    if record.outcome is not ReturnOutcome.EXCHANGE or order is None:
        return change
    value = _worth(order, record, ports.rules.returns, change.at)
    made = _order(order, record, value, change.at, ports.rules.returns)
    person = ports.orders.personal(order.order_id)
    record = replace(record, exchange_order_id=made.order_id, exchange_value=value)
    return replace(
        change,
        record=record,
        others=(made,),
        personal=(_person(person, order, record, made),) if person else (),
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
    return replace(change, others=(*change.others, back))


def _waiting(record: Return, ports: Returning) -> Order | None:
    made = ports.orders.load(record.exchange_order_id) if record.exchange_order_id else None
    return made if made and made.ship_after and not made.withdraw else None


def _worth(order: Order, record: Return, policy: ReturnPolicy, at: datetime) -> int:
    """What the goods that come back are worth, tax included: what a refund of them would pay."""
    free = replace(record, outcome=ReturnOutcome.REFUND, refunds=())
    dues = [Due(line.line_id, line.quantity) for line in record.lines]
    _, paid = refund(order, free, dues, policy, at)
    return sum(line.amount for line in paid.refunds[0].lines)


def _order(order: Order, record: Return, value: int, at: datetime, policy: ReturnPolicy) -> Order:
    lines = _lines(record, value)
    name = order_id_for(CHANNEL, order.account, record.id)
    told = {
        "channel": CHANNEL,
        "account": order.account,
        "external_id": record.id,
        "name": f"{order.name} exchange".strip(),
        "currency": order.currency,
        "lines": len(lines),
        "units": sum(line.quantity for line in lines),
        "payment": "paid",
        "test": order.test,
    }
    kept = record.kept
    return Order(
        order_id=name,
        channel=CHANNEL,
        account=order.account,
        external_id=record.id,
        currency=order.currency,
        placed_at=at,
        lines=lines,
        ship_groups=(_group(order, record),),
        name=str(told["name"]),
        tier=order.tier,
        priority=order.priority,
        test=order.test,
        taxes_included=True,
        ship_after=None if kept else at + timedelta(days=policy.receive_days) + MARGIN,
        history=append((), at, "OrderPlaced", "returns", **told),
        due_at=at + LOOK_AGAIN,
    )


def _lines(record: Return, value: int) -> tuple[OrderLine, ...]:
    """The value is spread by units, so that whoever returns these is paid what they gave for them.

    A unit price is a whole number: what it is too much for the line is its discount.
    """
    wanted = record.exchange_lines
    parts = split_amount(value, [line.quantity for line in wanted])
    return tuple(
        OrderLine(
            line_id=str(number),
            quantity=line.quantity,
            unit_price=Money(-(-part // line.quantity), record.currency),
            discount=_rest(part, line.quantity, record.currency),
            sku=line.sku,
            title=line.title,
            ship_group_id=GROUP,
            buckets={Bucket.PENDING: line.quantity},
        )
        for number, (line, part) in enumerate(zip(wanted, parts, strict=True), 1)
    )


def _rest(part: int, quantity: int, currency: str) -> Money | None:
    over = -part % quantity
    return Money(over, currency) if over else None


def _original(order: Order, record: Return) -> ShipGroup | None:
    ids = {order.line(line.line_id).ship_group_id for line in record.lines}
    return next((group for group in order.ship_groups if group.id in ids), None)


def _group(order: Order, record: Return) -> ShipGroup:
    """To where the goods were sent; who collected them collects again."""
    group = _original(order, record)
    if group is None:
        return ShipGroup(GROUP, Method.SHIP)
    method = Method.SHIP if group.method is Method.SAME_DAY else group.method
    return replace(group, id=GROUP, method=method, promised_by=None)


def _person(person: PersonalData, order: Order, record: Return, made: Order) -> PersonalData:
    """Name and address again, under the new order: a parcel needs them."""
    group, data = _original(order, record), dict(person.data)
    addresses = data.get("addresses")
    if group and isinstance(addresses, dict) and group.id in addresses:
        data["addresses"] = {GROUP: addresses[group.id]}
    return PersonalData(made.order_id, person.customer_id, data)
