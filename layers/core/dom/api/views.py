"""Shapes of what the API answers: the types its renderers fill and its schemas are made from."""

from __future__ import annotations

from typing import Any, NotRequired

# Not `typing`: pydantic makes schemas of the standard library's only from Python 3.12 on.
from typing_extensions import TypedDict


class MoneyView(TypedDict):
    """Minor units of an ISO 4217 currency."""

    amount: int
    currency: str


class OrderLineView(TypedDict):
    """`buckets`: units by where they are, without zeros; they sum to `quantity`. `kit_line_id`: it
    is a component of that kit.
    """

    line_id: str
    sku: str | None
    title: str
    quantity: int
    unit_price: MoneyView
    ship_group_id: str | None
    buckets: dict[str, int]
    kit_line_id: str | None


class KitComponentView(TypedDict):
    """The order's line of a component, and its units in one kit."""

    line_id: str
    sku: str
    quantity: int


class KitView(TypedDict):
    """A kit as it was sold: the line that its channel knows. A kit is as far as the part of it that
    is least far; its components stand among the order's lines.
    """

    line_id: str
    sku: str
    title: str
    quantity: int
    unit_price: MoneyView
    ship_group_id: str | None
    buckets: dict[str, int]
    components: list[KitComponentView]


class ShipGroupView(TypedDict):
    """Lines with one address and delivery method.

    `promised_by`: until when the customer expects to have it, as was told last; null: nothing was
    promised, or nobody knows any more (see PromiseMoved in the timeline).
    `expected_on`: where units of it wait for stock, the first day on which the last of them can
    leave, and `expected_from`: the transfer or purchase that brings them; null: nobody knows.
    """

    id: str
    method: str
    location_id: str | None
    promised_by: str | None
    expected_on: str | None
    expected_from: str | None


class WorkLineView(TypedDict):
    """Units of an order line at a location."""

    line_id: str
    sku: str
    quantity: int


class ParcelView(TypedDict):
    """What left. `scan`: what its carrier last saw (`in_transit`, `delivered` ...), and when."""

    tracking_number: str
    carrier: str
    tracking_url: str
    weight_grams: int
    scan: str
    scanned_at: str | None


class FulfillmentOrderView(TypedDict):
    """Work of one location. `distance_km` null: unknown. `why`: the routing's reason in words.

    `to_location_id`: the store that it is sent to, where the customer collects it. `boxes`: as how
    many it travels by the carrier's limits. `shipment_id`, `together`: what it leaves with, in the
    same parcels (ids of the other work). `pickup_until`: the end of the last day on which it is
    kept; `arrived_at`, `bay`, `vehicle`: a customer who waits. `eta`: when it is to leave, as
    the location said. `effort`: effort units that it takes of its location's day, 0 where that has
    no bound. `stalled_since`: when it should have left or lain ready, and was only packed.
    """

    id: str
    order_id: str
    ship_group_id: str
    version: int
    location_id: str
    status: str
    method: str
    lines: list[WorkLineView]
    parcels: list[ParcelView]
    distance_km: float | None
    cost: MoneyView
    delivers_by: str | None
    co2e_grams: int
    why: str
    decision_id: str
    to_location_id: str | None
    boxes: int
    shipment_id: str | None
    together: list[str]
    pickup_until: str | None
    arrived_at: str | None
    bay: str
    vehicle: str
    effort: int
    priority: int
    reject_reason: str
    cancel_reason: str
    failure: str
    channel_reference: str
    created_at: str | None
    due_at: str | None
    eta: str | None
    stalled_since: str | None


class DecisionView(TypedDict):
    """Why a ship group went where it went. `actor`: the person who decided it by hand, or ""."""

    id: str
    ship_group_id: str
    at: str
    rule_version: str
    order_version: int
    outcome: str
    why: str
    candidates: list[dict[str, Any]]
    chosen: list[dict[str, Any]]
    unallocated: dict[str, int]
    cost: int
    bound: int
    gap: float
    pass_name: str
    saved: int
    replaces: list[str]
    actor: str


class FiguresView(TypedDict):
    """A plan in numbers: minor units, hours to the last delivery, units left without a place."""

    parcels: int
    cost: int
    hours: int
    co2e_grams: int
    left: int


class ShadowDecisionView(TypedDict):
    """What the shadow rule set would have decided, beside what was."""

    decision_id: str
    ship_group_id: str
    at: str
    rule_version: str
    active_version: str
    active: FiguresView
    shadow: FiguresView
    location_ids: list[str]
    same: bool


class TimelineView(TypedDict):
    """One thing that happened to the order, to one of its FulfillmentOrders or of its returns."""

    at: str
    type: str
    actor: str
    data: dict[str, Any]
    fulfillment_order_id: NotRequired[str]
    return_id: NotRequired[str]


class ReturnRefView(TypedDict):
    """A return of the order: `GET /returns/{id}` has all of it."""

    return_id: str
    status: str


class PaymentView(TypedDict):
    """An order's money that was only guaranteed, in minor units of the order's currency.

    Of `authorized`, `due` is to be captured by now and `captured` is; `void` is to be let go and
    `voided` is. `settled`: the channel took or let go all of it. `failed`: why it refuses more.
    """

    authorized: int
    due: int
    captured: int
    void: int
    voided: int
    settled: bool
    failed: str
    expires_at: str | None


class PreferencesView(TypedDict):
    """How the customer wants to be told; "" where what is known otherwise is good."""

    email: bool
    sms: bool
    locale: str
    time_zone: str
    quiet: str


class ChoiceView(TypedDict):
    """What the customer is asked: the store that could not, and until when an answer counts."""

    ship_group_id: str
    location_id: str
    choose_until: str


class OrderView(TypedDict):
    """An order and all that became of it, without personal data.

    `pickup_codes`, by FulfillmentOrder: what customers prove with that what lies ready is theirs.
    `withdrawing`, by line: units that are cancelled but that a location still has. `choices`: ship
    groups whose store could not hand them over. `payment` null:
    it is paid, or its channel sees to that.
    """

    order_id: str
    channel: str
    account: str
    external_id: str
    name: str
    status: str
    priority: int
    hold_reason: str | None
    hold_detail: str
    currency: str
    placed_at: str
    test: bool
    version: int
    lines: list[OrderLineView]
    kits: list[KitView]
    ship_groups: list[ShipGroupView]
    fulfillment_orders: list[FulfillmentOrderView]
    pickup_codes: dict[str, str]
    withdrawing: dict[str, int]
    choices: list[ChoiceView]
    locale: str
    preferences: PreferencesView
    decisions: list[DecisionView]
    shadow_decisions: list[ShadowDecisionView]
    returns: list[ReturnRefView]
    payment: PaymentView | None
    timeline: list[TimelineView]


class OrdersView(TypedDict):
    """Orders found."""

    orders: list[OrderView]


class AcceptedView(TypedDict):
    """The order is taken in and will be there in a moment."""

    order_id: str
    status: str


class WorkView(TypedDict):
    """A page of work; `next` is the cursor of the following one, null on the last."""

    fulfillment_orders: list[FulfillmentOrderView]
    next: str | None


class PositionView(TypedDict):
    """Stock at a location, in units. `available` may be negative; `atp` is max(0, available)."""

    location_id: str
    on_hand: int
    unsellable: int
    reserved: int
    safety_stock: int
    available: int
    atp: int
    version: int


class StockView(PositionView):
    """A position with its SKU."""

    sku: str


class InventoryView(TypedDict):
    """A SKU everywhere; `atp` is the sum over the positions."""

    sku: str
    positions: list[PositionView]
    atp: int


class RowErrorView(TypedDict):
    """Why a row was not taken; `row` counts from 0."""

    row: int
    field: str
    reason: str


class BatchView(TypedDict):
    """What became of a batch's rows: written, without effect, refused.

    `emptied`: positions that a complete snapshot did not name and that were set to 0.
    """

    accepted: int
    unchanged: int
    rejected: list[RowErrorView]
    emptied: int


class MovementView(TypedDict):
    """A row of the ledger: changes in units. `occurred_at` is the source's time."""

    id: str
    cause: str
    on_hand: int
    unsellable: int
    reserved: int
    safety_stock: int
    references: list[dict[str, Any]]
    actor: str
    occurred_at: str
    recorded_at: str


class MovementsView(TypedDict):
    """A page of a position's movements, newest first; `next` is the cursor of the following one."""

    sku: str
    location_id: str
    movements: list[MovementView]
    next: str | None


class AddressView(TypedDict):
    """Where a location is; null coordinates are unknown."""

    address1: str
    address2: str
    city: str
    province_code: str
    postal_code: str
    country_code: str
    latitude: float | None
    longitude: float | None


class ComponentView(TypedDict):
    """Units of a SKU in one unit of a kit."""

    sku: str
    quantity: int


class ProductView(TypedDict):
    """A product as stored; see the body of its PUT."""

    sku: str
    category: str
    needs: list[str]
    grams: int
    volume_cm3: int
    keep_together: str
    daily_demand: float
    markdown: int
    rejects: dict[str, int]
    cost: int
    effort: int
    releases_on: str | None
    preorder_limit: int
    components: list[ComponentView]
    part_of: list[str]
    version: int


class ControlView(TypedDict):
    """A control as stored; see the body of its PUT."""

    control_id: str
    kind: str
    units: int
    skus: list[str]
    categories: list[str]
    channels: list[str]
    location_ids: list[str]
    groups: list[str]
    location_types: list[str]
    starts_at: str | None
    ends_at: str | None
    why: str
    version: int


class ControlsView(TypedDict):
    """Every control."""

    controls: list[ControlView]


class OutletView(TypedDict):
    """An account that shows our stock at a location of its own."""

    channel: str
    account: str
    location: str
    active: bool
    pays_back: bool
    capture: str
    version: int


class OutletsView(TypedDict):
    """Every such account."""

    channels: list[OutletView]


class EffortRateView(TypedDict):
    """Effort units of one work: once, for each line, for each unit."""

    order: int
    line: int
    unit: int


class LocationView(TypedDict):
    """A location as it stands now. `daily_capacity`, `daily_effort` null: unbounded; weekday 0:
    Monday.

    `inactive_until`: when it is active again by itself; null: it does not, or is active.
    """

    location_id: str
    name: str
    type: str
    address: AddressView
    timezone: str
    capabilities: list[str]
    groups: list[str]
    handles: list[str]
    closed_weekdays: list[int]
    closed_dates: list[str]
    hours: str
    pickup_days: int | None
    daily_capacity: int | None
    daily_effort: int | None
    efforts: dict[str, EffortRateView]
    daily_returns: int | None
    active: bool
    inactive_until: str | None
    version: int


class LocationsView(TypedDict):
    """The whole network."""

    locations: list[LocationView]


class FieldErrorView(TypedDict):
    """What is wrong with a field, named by its dotted path."""

    field: str
    reason: str


class ProblemView(TypedDict):
    """RFC 9457. `found`, `wanted`: states of a refused transition; `unavailable`: what is short."""

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[FieldErrorView]]
    found: NotRequired[str]
    wanted: NotRequired[str]
    unavailable: NotRequired[list[dict[str, Any]]]
