"""Where a return goes: what is asked of `dom.sourcing.homeward`, read for one request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dom.model.geo import Destination
from dom.model.ids import LocationId
from dom.model.order import Order, ShipGroup
from dom.model.product import Assortment
from dom.model.return_terms import ReturnMethod
from dom.model.rma import ReturnDecision, ReturnLine
from dom.model.totals import unit_value
from dom.returns.ports import Returning
from dom.sourcing.homeward.case import Coming, ReturnCase, takes_returns
from dom.sourcing.homeward.decide import decide


def route(
    order: Order,
    lines: Sequence[ReturnLine],
    method: ReturnMethod,
    dropped_at: LocationId | None,
    known: Assortment,
    ports: Returning,
    now: datetime,
) -> ReturnDecision:
    """The decision for these lines, from the network and its backlogs as they are."""
    network = ports.places.network([dropped_at] if dropped_at else [])
    case = ReturnCase(
        lines=tuple(_coming(order, line) for line in lines),
        sender=sender_of(order, lines),
        method=method,
        origins=_origins(order, lines, ports),
        products=known.products,
        units=known.units,
        backlogs=ports.places.backlogs(takes_returns(network)),
        dropped_at=dropped_at,
        currency=order.currency,
    )
    return decide(case, network, ports.rules, now)


def sender_of(order: Order, lines: Sequence[ReturnLine]) -> Destination | None:
    """Where the customer sends it from: where its first line that has an address was sent to."""
    group = group_of(order, lines)
    return group.destination if group else None


def group_of(order: Order, lines: Sequence[ReturnLine]) -> ShipGroup | None:
    """The ship group whose address the customer sends it from."""
    groups = {group.id: group for group in order.ship_groups}
    found = (groups.get(order.line(line.line_id).ship_group_id or "") for line in lines)
    return next((group for group in found if group and group.destination), None)


def _coming(order: Order, line: ReturnLine) -> Coming:
    bought = order.line(line.line_id)
    return Coming(line.sku, line.quantity, line.reason, unit_value(bought), bought.grams)


def _origins(order: Order, lines: Sequence[ReturnLine], ports: Returning) -> frozenset[LocationId]:
    wanted = {line.line_id for line in lines}
    works = ports.orders.fulfillment_orders(order.order_id)
    return frozenset(
        work.location_id for work in works if any(line.line_id in wanted for line in work.lines)
    )
