"""Shapes of what the API answers about returns."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from dom.api.views import MoneyView, TimelineView


class ReturnRoutingView(TypedDict):
    """Where it goes and why. Costs are minor units; `days`: until it can be sold again.

    `outcome`: location, keep_it (the customer keeps it and is paid), or none (nobody takes it).
    """

    outcome: str
    why: str
    cost: int
    recovered: int
    days: float
    co2e_grams: int
    rule_version: str
    candidates: list[dict[str, Any]]


class ReturnDecisionView(TypedDict):
    """What was decided. `verdict`: approved, declined, review (a person decides) or keep_it.

    `rule` names the rule of the policy that said so, `text` what it said; `by` and `reason` are of
    the person who decided otherwise. `routing` null: nothing is sent anywhere (yet).
    """

    verdict: str
    rule: str
    text: str
    by: str
    reason: str
    routing: ReturnRoutingView | None


class DestinationView(TypedDict):
    """Where it goes, or was received."""

    location_id: str


class ReturnLineView(TypedDict):
    """Units of an order line: asked for, come, never coming, not sent in time, paid for or about to
    be."""

    line_id: str
    sku: str | None
    quantity: int
    reason: str
    note: str
    photos: list[str]
    received: int
    missing: int
    not_sent: int
    refunded: int


class GradeView(TypedDict):
    """Units as an inspection found them, and what became of them."""

    line_id: str
    sku: str | None
    quantity: int
    condition: str
    disposition: str
    location_id: str
    at: str
    why: str
    photos: list[str]


class UnexpectedView(TypedDict):
    """What was in the parcel besides or instead."""

    sku: str
    quantity: int
    note: str


class RefundLineView(TypedDict):
    """Minor units for units of a line: `amount = goods + tax - fee`."""

    line_id: str
    quantity: int
    goods: int
    tax: int
    included_tax: int
    fee: int
    amount: int


class RefundView(TypedDict):
    """A payment. `status`: pending, sent or failed (the channel refused it, as `detail` says)."""

    number: int
    at: str
    amount: MoneyView
    status: str
    store_credit: bool
    shipping: int
    label_fee: int
    exchanged: int
    paid_otherwise: int
    reference: str
    detail: str
    lines: list[RefundLineView]


class ExchangeLineView(TypedDict):
    """What the customer gets instead."""

    sku: str
    quantity: int


class ReturnView(TypedDict):
    """A return and all that became of it, without personal data.

    `destination` null: nothing is sent, or nothing is decided. `label_url` null: there is none
    (yet). `refund`: what is paid so far, or about to be.
    """

    return_id: str
    order_id: str
    status: str
    version: int
    method: str
    outcome: str
    decision: ReturnDecisionView
    destination: DestinationView | None
    label_url: str | None
    carrier: str
    tracking_number: str
    label_cost: MoneyView | None
    lines: list[ReturnLineView]
    dispositions: list[GradeView]
    unexpected: list[UnexpectedView]
    refund: MoneyView
    refunds: list[RefundView]
    exchange_lines: list[ExchangeLineView]
    exchange_order_id: str | None
    flags: list[str]
    created_at: str
    due_at: str | None
    timeline: list[TimelineView]


class ReturnsView(TypedDict):
    """A page of returns; `next` is the cursor of the following one, null on the last."""

    returns: list[ReturnView]
    next: str | None
