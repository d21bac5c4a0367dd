"""Why an order must wait, as far as its own data say. Other reasons are other people's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from dom.intake.source import Source
from dom.intake.targets import unknown_lines
from dom.model.control import Control
from dom.model.facts import Payment
from dom.model.order import ASSIGNED, UNASSIGNED, HoldReason, Order

WAITS_FOR_ORDER = "waits for its order"
TEST_ORDER = "test order"
# Fully refunded goods that were not cancelled are not: a person has to say what is meant.
ROUTABLE = frozenset({Payment.AUTHORIZED, Payment.PAID, Payment.PARTIALLY_REFUNDED})

Hold = tuple[HoldReason, str]


@dataclass(frozen=True, slots=True)
class Policy:
    """What the deployment routes although it could wait (environment ROUTE_UNPAID, ...).

    `controls` are those that stand: sales of a channel are counted on its ring-fences.
    `recipient_key` is what recipients are marked with, "" for not at all.
    """

    route_unpaid: bool = False
    route_test_orders: bool = False
    controls: Callable[[], Iterable[Control]] = tuple
    recipient_key: Callable[[], str] = str


def wanted_hold(order: Order, source: Source, policy: Policy) -> Hold | None:
    """The first reason to hold the order; its detail names the field, status or cause."""
    if not source.updated_at:
        return HoldReason.INVALID_DATA, WAITS_FOR_ORDER
    if source.cancelled_at:
        return None  # what is left of it cannot be stopped any more
    unknown = unknown_lines(source)
    if unknown:
        return HoldReason.INVALID_DATA, f"line_items.{unknown[0]} is not in the order yet"
    return next(_reasons(order, source, policy), None) if _open_units(order) > 0 else None


def apply_hold(order: Order, source: Source, wanted: Hold | None) -> tuple[Order, Source]:
    """Set, change or end intake's own hold.

    A hold for another reason stays, and one that a person ended comes back only for a new reason.
    """
    now = (wanted[0].value, wanted[1]) if wanted else ()
    if now == source.hold:
        return order, source
    ours = order.hold_reason is None or (order.hold_reason, order.hold_detail) == source.hold
    if ours:
        reason, detail = wanted or (None, "")
        order = replace(order, hold_reason=reason, hold_detail=detail)
    return order, replace(source, hold=now)


def _reasons(order: Order, source: Source, policy: Policy) -> Iterator[Hold]:
    # Before data: nobody should mend an order that may never be paid.
    if not policy.route_unpaid and not _is_sure(source):
        yield HoldReason.AWAITING_PAYMENT, source.payment
    missing = next(_missing(order), None)
    if missing:
        yield HoldReason.INVALID_DATA, missing
    if order.test and not policy.route_test_orders:
        yield HoldReason.MANUAL, TEST_ORDER


def _is_sure(source: Source) -> bool:
    """Whether its money is there or guaranteed: a part of a guarantee may be captured already."""
    ours = source.authorized is not None and source.payment == Payment.PARTIALLY_PAID
    return ours or source.payment in ROUTABLE


def _missing(order: Order) -> Iterator[str]:
    """Fields without which open units cannot be shipped."""
    groups = {group.id: group for group in order.ship_groups}
    for line in order.lines:
        open_ = any(line.units(bucket) for bucket in (*UNASSIGNED, *ASSIGNED))
        if line.ship_group_id is None or not open_:
            continue
        if line.sku is None:
            yield f"line_items.{line.line_id}.sku"
        group = groups.get(line.ship_group_id)
        if group is None or (group.destination is None and group.location_id is None):
            yield f"ship_groups.{line.ship_group_id}.address"


def _open_units(order: Order) -> int:
    units = sum(line.units(b) for line in order.lines for b in (*UNASSIGNED, *ASSIGNED))
    return units - sum(order.withdraw.values())
