"""An order and its personal data with another address for one of its ship groups."""

from __future__ import annotations

from dataclasses import replace

from dom.model.addresses import ADDRESSES, REPLACED, Address, by_group
from dom.model.commit import PersonalData
from dom.model.order import HoldReason, Order, ShipGroup


def readdressed(order: Order, group: ShipGroup) -> Order:
    """The order with that group, whose address its channel's repeats do not undo."""
    groups = tuple(group if one.id == group.id else one for one in order.ship_groups)
    marked = tuple(dict.fromkeys((*order.readdressed, group.id)))
    order = replace(order, ship_groups=groups, readdressed=marked)
    missing = (HoldReason.INVALID_DATA, f"ship_groups.{group.id}.address")
    wanting = (order.hold_reason, order.hold_detail) == missing
    if wanting or order.hold_reason is HoldReason.INCORRECT_ADDRESS:
        order = replace(order, hold_reason=None, hold_detail="")
    return order


def personal_of(
    order: Order, group: ShipGroup, known: PersonalData | None, address: Address
) -> PersonalData:
    """Its personal data with the group's new address, and the one that it replaces."""
    data = dict(known.data) if known else {}
    replaced = {group.id: words_of(known, group), **by_group(data, REPLACED)}
    addresses = {**by_group(data, ADDRESSES), group.id: dict(address.words)}
    data |= {ADDRESSES: addresses, REPLACED: replaced}
    if known is None:
        return PersonalData(order.order_id, "", data, order.forget_by)
    return replace(known, data=data)


def words_of(known: PersonalData | None, group: ShipGroup) -> object:
    """The group's address in words; {}: none is known."""
    return by_group(known.data if known else {}, ADDRESSES).get(group.id, {})
