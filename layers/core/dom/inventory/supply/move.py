"""Units leave for another location, or come in: with the order, in one transaction for some lines.

Each request is cut into parts that are complete by themselves: a request that broke off and comes
again goes on where it ended, and what was done is not done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dom.errors import IdempotencyMismatch, InvalidInput, OutOfStock
from dom.inventory.ports import Place
from dom.inventory.supply.order import change, found
from dom.inventory.supply.ports import Dock, Reach
from dom.model.ids import LocationId, digest
from dom.model.stock import Cause, Position, StockChange
from dom.model.supply import Request, SupplyKind, SupplyLine, SupplyOrder, SupplyStatus, Units

Moved = tuple[SupplyLine, StockChange]


def ship(order_id: str, request: Request, anyway: bool, reach: Reach, dock: Dock) -> SupplyOrder:
    """Units of a transfer leave its origin. Without units: all that has not left yet.

    OutOfStock: they are not available there, and nothing of that part left; `anyway`: they left
    all the same, and orders will find them missing. InvalidInput: it is no transfer, or more than
    asked for. IllegalTransition: it is over. IdempotencyMismatch: the request said something else.
    """
    order = found(order_id, dock)
    if order.from_location is None:
        raise InvalidInput("id", "a purchase is not shipped by us")
    reach(order.from_location)
    if not request.units:
        # Said again, it is what is still left by then: the rest of it, or nothing.
        request = replace(request, units=_left(order), said="all")
    return _each(order, "ship", request, lambda o, units: _leave(o, units, anyway, dock), dock)


def receive(order_id: str, request: Request, reach: Reach, dock: Dock) -> SupplyOrder:
    """Units came in: as many as were announced, fewer, more, or others. What came is there.

    IdempotencyMismatch: the request said something else before.
    """
    order = found(order_id, dock)
    reach(order.location_id)
    return _each(order, "receive", request, lambda o, units: _arrive(o, units, dock), dock)


def _left(order: SupplyOrder) -> tuple[Units, ...]:
    """What has not left yet."""
    return tuple(
        Units(line.sku, line.ordered - line.shipped)
        for line in order.lines
        if line.ordered > line.shipped
    )


def _is_of(name: str, request: str) -> bool:
    return name.rpartition(":")[0].rpartition(":")[0] == request


Move = Callable[[SupplyOrder, Sequence[Units]], tuple[SupplyOrder, list[Moved]]]


def _each(order: SupplyOrder, verb: str, request: Request, move: Move, dock: Dock) -> SupplyOrder:
    """Every part of the request that was not served yet, one after the other."""
    for name, units in replace(request, id=f"{verb}/{request.id}").parts():
        order = _part(order.id, name, units, request.actor, move, dock)
    return order


def _part(
    order_id: str, name: str, units: Sequence[Units], actor: str, move: Move, dock: Dock
) -> SupplyOrder:
    movement = f"supply-{order_id}-{digest(name)}"

    def step(order: SupplyOrder) -> tuple[SupplyOrder, tuple[StockChange, ...]] | None:
        if name in order.requests:
            return None
        _check_same(order, name)
        after, moved = move(order, units)
        after = after.with_lines(line for line, _ in moved).served(name)
        references = ({"supply_order_id": order.id, "reference": order.reference},)
        return after, tuple(replace(one, id=movement, references=references) for _, one in moved)

    return change(order_id, step, movement, actor, dock)


def _check_same(order: SupplyOrder, name: str) -> None:
    """The same request with other content is another request, or a mistake."""
    stem = name.rpartition(":")[0]
    request = stem.rpartition(":")[0]
    known = [one for one in order.requests if _is_of(one, request)]
    if any(one.rpartition(":")[0] != stem for one in known):
        raise IdempotencyMismatch(f"{request} was used before with other lines")


def _leave(
    order: SupplyOrder, units: Sequence[Units], anyway: bool, dock: Dock
) -> tuple[SupplyOrder, list[Moved]]:
    origin = order.from_location
    if origin is None:
        raise InvalidInput("id", "a purchase is not shipped by us")
    # Out of order: what is received already left, too.
    after = order if order.status is SupplyStatus.RECEIVED else order.to(SupplyStatus.SHIPPED)
    positions = _positions(units, origin, dock)
    short = tuple(
        (one.sku, one.quantity - _available(positions, (one.sku, origin)))
        for one in units
        if one.quantity > _available(positions, (one.sku, origin))
    )
    if short and not anyway:
        raise OutOfStock(short)
    return after, [_leaving(order, one, origin, positions) for one in units]


def _available(positions: Mapping[Place, Position], place: Place) -> int:
    return positions[place].atp if place in positions else 0


def _leaving(
    order: SupplyOrder, one: Units, origin: LocationId, positions: Mapping[Place, Position]
) -> Moved:
    line = order.line(one.sku)
    if line.shipped + one.quantity > line.ordered:
        raise InvalidInput("lines", f"of {one.sku} only {line.ordered - line.shipped} are to leave")
    found = positions.get((one.sku, origin))
    stock = StockChange(
        one.sku,
        origin,
        Cause.TRANSFER_OUT,
        on_hand=-one.quantity,
        creates=found is None,
        expected_version=found.version if found else None,
    )
    return replace(line, shipped=line.shipped + one.quantity), stock


def _arrive(
    order: SupplyOrder, units: Sequence[Units], dock: Dock
) -> tuple[SupplyOrder, list[Moved]]:
    place = order.location_id
    positions = _positions(units, place, dock)
    after = order.to(SupplyStatus.RECEIVED) if order.listed else order
    transfer = order.kind is SupplyKind.TRANSFER
    cause = Cause.TRANSFER_IN if transfer else Cause.RECEIPT
    return after, [
        _arriving(order.line(one.sku), one, place, cause, (one.sku, place) not in positions)
        for one in units
    ]


def _arriving(line: SupplyLine, one: Units, place: LocationId, cause: Cause, new: bool) -> Moved:
    after = replace(line, received=line.received + one.quantity, damaged=line.damaged + one.damaged)
    stock = StockChange(
        one.sku, place, cause, on_hand=one.quantity, unsellable=one.damaged, creates=new
    )
    return after, stock


def _positions(units: Sequence[Units], place: LocationId, dock: Dock) -> Mapping[Place, Position]:
    read = dock.positions.positions_of([(one.sku, place) for one in units])
    return {(one.sku, one.location_id): one for one in read}
