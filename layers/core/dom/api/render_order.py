"""Orders, their work, decisions and timeline as the API shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from dom.api.render_kit import kit_lines, render_kits
from dom.api.views import (
    ChoiceView,
    DecisionView,
    FiguresView,
    FulfillmentOrderView,
    MoneyView,
    OrderLineView,
    OrderView,
    PaymentView,
    PreferencesView,
    ShadowDecisionView,
    ShipGroupView,
    TimelineView,
)
from dom.model.choice import choosing
from dom.model.clock import to_text
from dom.model.contact import DEFAULT
from dom.model.decision import RoutingDecision
from dom.model.fulfillment import FulfillmentOrder
from dom.model.history import HistoryEntry
from dom.model.money import Money
from dom.model.order import Order, OrderLine, ShipGroup
from dom.model.promised import promise_of
from dom.model.prospect import UNKNOWN
from dom.model.queue import prospect_of
from dom.model.rma import Return
from dom.model.shadow import Figures, ShadowDecision


def render_order(
    order: Order,
    works: Sequence[FulfillmentOrder],
    decisions: Iterable[RoutingDecision],
    shadows: Iterable[ShadowDecision] = (),
    returns: Sequence[Return] = (),
) -> OrderView:
    """The order with everything of its item collection but personal data and task tokens."""
    return {
        "order_id": order.order_id,
        "channel": order.channel,
        "account": order.account,
        "external_id": order.external_id,
        "name": order.name,
        "status": order.status.value,
        "priority": order.priority,
        "hold_reason": order.hold_reason.value if order.hold_reason else None,
        "hold_detail": order.hold_detail,
        "choices": _choices(order),
        "currency": order.currency,
        "placed_at": to_text(order.placed_at),
        "test": order.test,
        "version": order.version,
        "lines": _lines(order),
        "kits": render_kits(order),
        "ship_groups": [_group(order, group) for group in order.ship_groups],
        "fulfillment_orders": [render_work(work) for work in works],
        "pickup_codes": {w.id: w.pickup.code for w in works if w.pickup and w.pickup.code},
        "withdrawing": dict(order.withdraw),
        "locale": order.locale,
        "preferences": _preferences(order),
        "decisions": [_decision(one) for one in sorted(decisions, key=lambda d: (d.at, d.id))],
        "shadow_decisions": [_shadow(one) for one in sorted(shadows, key=lambda s: s.at)],
        "returns": [{"return_id": one.id, "status": one.status.value} for one in returns],
        "payment": _payment(order),
        "timeline": timeline(order, works, returns),
    }


def _preferences(order: Order) -> PreferencesView:
    known = order.contact or DEFAULT
    return {
        "email": known.email,
        "sms": known.sms,
        "locale": known.locale,
        "time_zone": known.time_zone,
        "quiet": known.quiet,
    }


def _payment(order: Order) -> PaymentView | None:
    known = order.authorization
    if known is None:
        return None
    return {
        "authorized": known.amount,
        "due": known.due,
        "captured": known.captured,
        "void": known.void,
        "voided": known.voided,
        "settled": known.settled,
        "failed": known.failed,
        "expires_at": _moment(known.expires_at),
    }


def render_work(work: FulfillmentOrder) -> FulfillmentOrderView:
    """A FulfillmentOrder."""
    return {
        "id": work.id,
        "order_id": work.order_id,
        "ship_group_id": work.ship_group_id,
        "version": work.version,
        "location_id": work.location_id,
        "status": work.status.value,
        "method": work.method.value,
        "lines": [
            {"line_id": line.line_id, "sku": line.sku, "quantity": line.quantity}
            for line in work.lines
        ],
        "parcels": [
            {
                "tracking_number": parcel.tracking_number,
                "carrier": parcel.carrier,
                "tracking_url": parcel.tracking_url,
                "weight_grams": parcel.weight_grams,
                "scan": parcel.scan,
                "scanned_at": _moment(parcel.scanned_at),
            }
            for parcel in work.parcels
        ],
        "distance_km": work.distance_km,
        "cost": _money(work.cost),
        "delivers_by": _moment(work.delivers_by),
        "co2e_grams": work.co2e_grams,
        "why": work.why,
        "decision_id": work.decision_id,
        "to_location_id": work.to_location,
        "boxes": work.boxes,
        "shipment_id": work.together.id if work.together else None,
        "together": list(work.companions),
        "pickup_until": _moment(work.pickup.until if work.pickup else None),
        "arrived_at": _moment(work.pickup.arrived_at if work.pickup else None),
        "bay": work.pickup.bay if work.pickup else "",
        "vehicle": work.pickup.vehicle if work.pickup else "",
        "effort": work.effort,
        "priority": work.priority,
        "reject_reason": work.reject_reason,
        "cancel_reason": work.cancel_reason,
        "failure": work.failure,
        "channel_reference": work.channel_reference,
        "created_at": _moment(work.created_at),
        "due_at": _moment(work.due_at),
        "stalled_since": _moment(work.stalled_since),
        "eta": _moment(work.eta),
    }


def timeline(
    order: Order, works: Iterable[FulfillmentOrder], returns: Iterable[Return] = ()
) -> list[TimelineView]:
    """The histories of the order, of its work and of its returns as one, oldest first.

    Of one instant, the order's entries stand first and each item's keep their sequence.
    """
    rows = [(entry, "", "") for entry in order.history]
    rows += [(entry, work.id, "") for work in works for entry in work.history]
    rows += [(entry, "", one.id) for one in returns for entry in one.history]
    rows.sort(key=lambda row: (row[0].at, row[1:], row[0].seq))
    return [_entry(*row) for row in rows]


def _entry(entry: HistoryEntry, work_id: str, return_id: str) -> TimelineView:
    view: TimelineView = {
        "at": to_text(entry.at),
        "type": entry.type,
        "actor": entry.actor,
        "data": dict(entry.data),
    }
    if work_id:
        view["fulfillment_order_id"] = work_id
    if return_id:
        view["return_id"] = return_id
    return view


def _group(order: Order, group: ShipGroup) -> ShipGroupView:
    prospect = prospect_of(order, group.id, date.min) or UNKNOWN
    return {
        "id": group.id,
        "method": group.method.value,
        "location_id": group.location_id,
        "promised_by": _moment(promise_of(order, group.id)),
        "expected_on": prospect.on.isoformat() if prospect.on else None,
        "expected_from": prospect.by,
    }


def _lines(order: Order) -> list[OrderLineView]:
    kits = kit_lines(order)
    return [_line(line, kits.get(line.line_id)) for line in order.lines]


def _line(line: OrderLine, kit_line_id: str | None) -> OrderLineView:
    return {
        "line_id": line.line_id,
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
        "unit_price": _money(line.unit_price),
        "ship_group_id": line.ship_group_id,
        "buckets": {bucket.value: units for bucket, units in line.buckets.items() if units},
        "kit_line_id": kit_line_id,
    }


def _decision(decision: RoutingDecision) -> DecisionView:
    return {
        "id": decision.id,
        "ship_group_id": decision.ship_group_id,
        "at": to_text(decision.at),
        "rule_version": decision.rule_version,
        "order_version": decision.order_version,
        "outcome": decision.outcome,
        "why": decision.why,
        "candidates": [dict(one) for one in decision.candidates],
        "chosen": [dict(one) for one in decision.chosen],
        "unallocated": dict(decision.unallocated or {}),
        "cost": decision.cost,
        "bound": decision.bound,
        "gap": decision.gap,
        "pass_name": decision.pass_name,
        "saved": decision.saved,
        "replaces": list(decision.replaces),
        "actor": decision.actor,
    }


def _shadow(one: ShadowDecision) -> ShadowDecisionView:
    return {
        "decision_id": one.decision_id,
        "ship_group_id": one.ship_group_id,
        "at": to_text(one.at),
        "rule_version": one.rule_version,
        "active_version": one.active_version,
        "active": _figures(one.active),
        "shadow": _figures(one.shadow),
        "location_ids": list(one.locations),
        "same": one.same,
    }


def _figures(figures: Figures) -> FiguresView:
    return {
        "parcels": figures.parcels,
        "cost": figures.cost,
        "hours": figures.hours,
        "co2e_grams": figures.co2e_grams,
        "left": figures.left,
    }


def _money(money: Money) -> MoneyView:
    return {"amount": money.amount, "currency": money.currency}


def _moment(moment: datetime | None) -> str | None:
    return to_text(moment) if moment else None


def _choices(order: Order) -> list[ChoiceView]:
    return [
        {
            "ship_group_id": name,
            "location_id": order.choices[name].location_id,
            "choose_until": to_text(order.choices[name].until),
        }
        for name in choosing(order)
    ]
