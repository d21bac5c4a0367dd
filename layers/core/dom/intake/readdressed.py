"""An address that a person changed here stays, as long as the channel says what it said before.

A channel repeats its own address with every event. What it says anew, after the change here, is
newer than that and holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dom.model.addresses import ADDRESSES, REPLACED, by_group
from dom.model.commit import PersonalData
from dom.model.facts import OrderSnapshot
from dom.model.ids import fulfillment_order_id
from dom.model.order import ASSIGNED, Order


def kept_groups(
    order: Order, snapshot: OrderSnapshot, stored: PersonalData | None
) -> frozenset[str]:
    """Ship groups whose address stays: the channel repeats the one that was replaced.

    Of a customer who is forgotten nobody knows that any more: what a person chose then stays.
    """
    if stored is None:
        return frozenset(order.readdressed)
    said, replaced = by_group(snapshot.personal, ADDRESSES), by_group(stored.data, REPLACED)
    return frozenset(g for g in order.readdressed if said.get(g, {}) == replaced.get(g, {}))


def keep(after: Order, before: Order, kept: frozenset[str]) -> Order:
    """The order as the channel describes it now, with the kept destinations of before."""
    known = {group.id: group.destination for group in before.ship_groups}
    groups = tuple(
        replace(group, destination=known.get(group.id)) if group.id in kept else group
        for group in after.ship_groups
    )
    marked = tuple(one for one in after.readdressed if one in kept)
    return replace(after, ship_groups=groups, readdressed=marked)


def keep_chosen(after: Order, before: Order) -> Order:
    """The order whose customer chose another way for a pickup: the channel still tells the old one.

    Where the channel tells no address, the chosen one stays, too.
    """
    known = {group.id: group for group in before.ship_groups if group.id in before.chosen}
    if not known:
        return after
    groups = tuple(
        replace(
            group,
            method=known[group.id].method,
            location_id=known[group.id].location_id,
            destination=group.destination or known[group.id].destination,
            recipient=known[group.id].recipient,
            promised_by=known[group.id].promised_by,
        )
        if group.id in known
        else group
        for group in after.ship_groups
    )
    return replace(after, ship_groups=groups)


def recalled(after: Order, before: Order) -> Order:
    """The order with the work that must not go to the channel's old address.

    That is all the work it has, if any address changed: what is over or goes elsewhere is let go.
    """
    known = {group.id: group.destination for group in before.ship_groups}
    moved = any(
        group.destination != known[group.id] for group in after.ship_groups if known.get(group.id)
    )
    held = any(line.units(bucket) for line in before.lines for bucket in ASSIGNED)
    if not moved or not held:
        return after
    numbers = range(1, before.fulfillment_orders + 1)
    return replace(after, recall=tuple(fulfillment_order_id(before.order_id, n) for n in numbers))


def keep_words(
    told: Mapping[str, object], stored: PersonalData | None, kept: frozenset[str]
) -> Mapping[str, object]:
    """The personal data that the channel tells, with the kept addresses."""
    if stored is None or not kept:
        return told
    return {
        **told,
        ADDRESSES: {**by_group(told, ADDRESSES), **_only(stored, ADDRESSES, kept)},
        REPLACED: _only(stored, REPLACED, kept),
    }


def _only(stored: PersonalData, name: str, kept: frozenset[str]) -> dict[str, object]:
    return {group: words for group, words in by_group(stored.data, name).items() if group in kept}
