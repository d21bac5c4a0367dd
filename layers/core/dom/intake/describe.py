"""The order's descriptive side: made from its first facts, then as its newest snapshot says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dom.model.facts import Facts, LineFacts, OrderSnapshot
from dom.model.ids import LocationId
from dom.model.kit import Kit
from dom.model.order import Method, Order, OrderLine

# ISO 4217 "no currency": what an order has that is known by a refund or an edit only.
NO_CURRENCY = "XXX"


def stub(facts: Facts) -> Order:
    """An order of which nothing but its existence is known."""
    return Order(
        order_id=facts.order_id,
        channel=facts.channel,
        account=facts.account,
        external_id=facts.external_id,
        currency=NO_CURRENCY,
        placed_at=facts.at,
    )


def describe(order: Order, snapshot: OrderSnapshot, newest: bool) -> Order:
    """The order with the snapshot's texts, prices and address; of an older one only unknown lines.

    Lines are never dropped, and keep their units: those are placed elsewhere.
    """
    if not newest:
        known = {line.line_id for line in order.lines}
        missing = [_line(line) for line in snapshot.lines if line.line_id not in known]
        kits = _kits(snapshot.kits, order.kits)
        return replace(order, lines=(*order.lines, *missing), kits=kits)
    return replace(
        order,
        currency=snapshot.currency,
        placed_at=snapshot.placed_at,
        name=snapshot.name,
        tier=snapshot.tier,
        locale=snapshot.locale,
        test=snapshot.test,
        taxes_included=snapshot.taxes_included,
        shipping=snapshot.shipping,
        forget_by=snapshot.forget_by,
        lines=_lines(order.lines, snapshot.lines),
        ship_groups=snapshot.ship_groups,
        kits=_kits(order.kits, snapshot.kits),
    )


def collected(order: Order, place: LocationId | None) -> Order:
    """The order with the place at which what has no address is collected, if one is known."""
    if place is None:
        return order
    groups = tuple(
        replace(group, method=Method.PICKUP, location_id=place)
        if group.destination is None and group.method in (Method.SHIP, Method.PICKUP)
        else group
        for group in order.ship_groups
    )
    return replace(order, ship_groups=groups)


def _kits(some: Iterable[Kit], stronger: Iterable[Kit]) -> tuple[Kit, ...]:
    """Each once; what `stronger` says of one holds."""
    return tuple(({kit.line_id: kit for kit in some} | {x.line_id: x for x in stronger}).values())


def _lines(known: Iterable[OrderLine], told: Iterable[LineFacts]) -> tuple[OrderLine, ...]:
    """In the snapshot's order, then those it does not show."""
    rest = {line.line_id: line for line in known}
    shown = [_line(line, rest.pop(line.line_id, None)) for line in told]
    return (*shown, *rest.values())


def _line(told: LineFacts, known: OrderLine | None = None) -> OrderLine:
    """What the channel says of the line; its units and what other stages keep on it stay."""
    return replace(
        known or OrderLine(told.line_id, 0, told.unit_price),
        unit_price=told.unit_price,
        sku=told.sku,
        title=told.title,
        ship_group_id=told.ship_group_id,
        grams=told.grams,
        discount=told.discount,
        tax=told.tax,
    )
