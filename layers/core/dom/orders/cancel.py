"""Cancel an order or units of it: what waits at once, what a location has by asking it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dom.errors import IllegalTransition, InvalidInput
from dom.model.choice import settled
from dom.model.history import append
from dom.model.order import ASSIGNED, UNASSIGNED, Bucket, Order, OrderLine, OrderStatus, unheld
from dom.orders.change import LOOK_AGAIN, Changed, Desk, Wish, change_order


def cancel(wish: Wish, units: Mapping[str, int] | None, desk: Desk) -> Order:
    """Cancel `units` by line id (of kits: by their channel's), or (None) everything that can still
    be stopped.

    Units that wait are cancelled in this transaction. Those of a location are wished back
    (`Order.withdraw`), and fulfillment takes them: at once, after the location's answer if they are
    packed, or not at all if they leave first. InvalidInput names a line that has not so many;
    IllegalTransition, with the state found: nothing can be stopped any more.
    """

    def decide(order: Order) -> Changed:
        wanted = _stoppable(order) if units is None else _checked(order, units)
        if not wanted:
            raise IllegalTransition("order", order.order_id, order.status, "cancelled")
        return Changed(cancelled(order, wanted, wish, desk))

    return change_order("cancel", wish, decide, desk)


def _stoppable(order: Order) -> dict[str, int]:
    units = {line.line_id: _open(order, line) for line in order.lines}
    return {line_id: n for line_id, n in units.items() if n}


def _open(order: Order, line: OrderLine) -> int:
    """Units that wait or that a location has, without those that are wished back already."""
    held = sum(line.units(bucket) for bucket in (*UNASSIGNED, *ASSIGNED))
    return max(0, held - order.withdraw.get(line.line_id, 0))


def _checked(order: Order, units: Mapping[str, int]) -> Mapping[str, int]:
    """Units of the order's lines; of kits, which are cancelled whole, what is open of each."""
    known = {line.line_id: _open(order, line) for line in order.lines}
    kits = {kit.line_id: kit for kit in order.kits}
    parts = {part.line_id: kit.line_id for kit in order.kits for part in kit.parts}
    found: dict[str, int] = {}
    for line_id, wanted in units.items():
        if line_id in parts:
            reason = f"it is in the kit of line {parts[line_id]}: cancel that"
            raise InvalidInput(f"lines.{line_id}", reason)
        if kit := kits.get(line_id):
            _check_enough(line_id, wanted, kit.begun(known))
            found |= {name: min(n, known[name]) for name, n in kit.of(wanted).items()}
            continue
        if line_id not in known:
            raise InvalidInput(f"lines.{line_id}", "the order has no such line")
        _check_enough(line_id, wanted, known[line_id])
        found[line_id] = wanted
    return {line_id: n for line_id, n in found.items() if n}


def _check_enough(line_id: str, wanted: int, there: int) -> None:
    if wanted > there:
        reason = f"{wanted} of {there} units that can still be cancelled"
        raise InvalidInput(f"lines.{line_id}", reason)


def cancelled(order: Order, wanted: Mapping[str, int], wish: Wish, desk: Desk) -> Order:
    """The order with these units cancelled or wished back, and told so."""
    now = desk.clock()
    lines, asked = [], dict(order.withdraw)
    for line_id, units in wanted.items():
        line, left = _taken(order.line(line_id), units)
        lines.append(line)
        if left:
            asked[line_id] = asked.get(line_id, 0) + left
    before, order = order, unheld(settled(replace(order.with_lines(lines), withdraw=asked)))
    direct = _units(order) - _units(before)
    if direct:
        whole = order.status is OrderStatus.CANCELLED
        facts = {"units": direct, "whole_order": whole, "reason": wish.reason}
        order = _noted(order, wish, desk, "OrderCancelled", facts)
    if more := sum(asked.values()) - sum(before.withdraw.values()):
        facts = {"units": more, "reason": wish.reason}
        order = _noted(order, wish, desk, "CancellationRequested", facts)
        order = replace(order, due_at=now + LOOK_AGAIN)
    return order


def _taken(line: OrderLine, units: int) -> tuple[OrderLine, int]:
    """The line with as many as possible of the waiting units cancelled, and how many are left."""
    for bucket in UNASSIGNED:
        taken = min(units, line.units(bucket))
        line = line.moved(bucket, Bucket.CANCELLED, taken) if taken else line
        units -= taken
    return line, units


def _units(order: Order) -> int:
    return sum(line.units(Bucket.CANCELLED) for line in order.lines)


def _noted(order: Order, wish: Wish, desk: Desk, type_: str, facts: Mapping[str, object]) -> Order:
    history = append(order.history, desk.clock(), type_, wish.actor, **facts)
    return replace(order, history=history)
