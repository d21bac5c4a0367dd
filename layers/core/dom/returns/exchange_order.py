"""The order of what the customer gets instead: its goods, its address, and what they are worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dom.model.commit import PersonalData
from dom.model.history import append
from dom.model.ids import order_id_for
from dom.model.money import Money, split_amount
from dom.model.order import Bucket, Method, Order, OrderLine, ShipGroup
from dom.model.return_policy import ReturnPolicy
from dom.model.return_terms import EXCHANGES, ReturnOutcome
from dom.model.rma import Return
from dom.returns.money import Due, left_to_pay, refund

GROUP = "sg1"
# Routing answers within seconds; if it does not, the sweep asks again.
LOOK_AGAIN = timedelta(minutes=5)
# After the last day on which goods may come, and the sweep has ended the return.
MARGIN = timedelta(days=2)


def worth(order: Order, record: Return, policy: ReturnPolicy, at: datetime) -> int:
    """What the goods that come back are worth, tax included: what a refund of them would pay at
    most.
    """
    free = replace(record, outcome=ReturnOutcome.REFUND, refunds=())
    dues = [Due(line.line_id, line.quantity) for line in record.lines]
    _, paid = refund(order, free, dues, policy, at)
    return max(0, min(sum(line.amount for line in paid.refunds[0].lines), left_to_pay(order)))


def exchange_order(
    order: Order, record: Return, value: int, at: datetime, policy: ReturnPolicy
) -> Order:
    """An order of what the customer gets instead, for `value` minor units, paid with the goods."""
    lines = _lines(record, value)
    name = order_id_for(EXCHANGES, order.account, record.id)
    told = {
        "channel": EXCHANGES,
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
        channel=EXCHANGES,
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


def person_of(person: PersonalData, order: Order, record: Return, made: Order) -> PersonalData:
    """Name and address again, under the new order: a parcel needs them."""
    group, data = _original(order, record), dict(person.data)
    addresses = data.get("addresses")
    if group and isinstance(addresses, dict) and group.id in addresses:
        data["addresses"] = {GROUP: addresses[group.id]}
    return PersonalData(made.order_id, person.customer_id, data, person.forget_by)
