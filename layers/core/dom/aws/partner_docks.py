"""Goods that a partner announces, as purchases that are expected."""

from __future__ import annotations

from dom.errors import InvalidInput, NotFound
from dom.inventory.supply.order import cancel, expect, place
from dom.inventory.supply.ports import Dock
from dom.model.partner import Partner
from dom.model.supply import SupplyId, SupplyKind, SupplyLine, SupplyOrder, supply_id
from dom.partners.commands import ArrivalTold


def announce(told: ArrivalTold, partner: Partner, actor: str, dock: Dock) -> None:
    """The purchase of that number is expected on the day; if there is none, it is made, with what
    is announced, under the number and the announcement's own.

    NotFound: what is called off was never announced. Rejected, Busy: as purchases.
    """
    supplier = partner.supplier or partner.id
    if told.called_off:
        _call_off(_id(told, supplier, told.again), actor, dock)
        return
    known = dock.orders.load(_id(told, supplier))
    if known is None:
        place(_purchase(told, supplier, actor, dock), dock)
    elif told.expected_on:
        expect(known.id, told.expected_on, actor, _anywhere, dock)


def _call_off(order_id: SupplyId, actor: str, dock: Dock) -> None:
    if dock.orders.load(order_id) is None:
        raise NotFound("announcement", order_id)
    cancel(order_id, actor, _anywhere, dock)


def _purchase(told: ArrivalTold, supplier: str, actor: str, dock: Dock) -> SupplyOrder:
    if len(told.units) > 1_000:
        raise InvalidInput("LIN", "more than 1,000 items in one purchase")
    return SupplyOrder(
        _id(told, supplier, told.again),
        SupplyKind.PURCHASE,
        told.location_id,
        _reference(told, told.again),
        tuple(SupplyLine(sku, units) for sku, units in told.units.items()),
        dock.clock(),
        actor,
        None,
        supplier,
        told.expected_on,
    )


def _id(told: ArrivalTold, supplier: str, again: str = "") -> SupplyId:
    reference = _reference(told, again)
    return supply_id(SupplyKind.PURCHASE, supplier, told.location_id, reference)


def _reference(told: ArrivalTold, again: str) -> str:
    return f"{told.number}/{again}" if again else told.number


def _anywhere(location_id: str) -> None:
    """The partner speaks for the location that it names, which was checked."""
