"""Locations, products and controls over HTTP."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api import (
    controls,
    location_capacity,
    location_switch,
    locations,
    products,
    rebalancing_terms,
    safety_stock,
    scorecards,
    suppliers,
)
from dom.api.app import Api
from dom.api.controls import ControlBody
from dom.api.location_capacity import CapacityView, render_capacity
from dom.api.location_switch import ActivateBody, DeactivateBody
from dom.api.locations import LocationBody, render_location
from dom.api.products import ProductBody, render_product
from dom.api.rebalancing_terms import TermsBody, TermsView, render_terms
from dom.api.render_control import render_control
from dom.api.request import Request
from dom.api.safety_stock import (
    SafetyPoliciesView,
    SafetyPolicyBody,
    SafetyPolicyView,
    render_policy,
)
from dom.api.scope_body import described_id
from dom.api.scorecards import ScorecardView, days_asked_for, render_scorecard
from dom.api.suppliers import SupplierBody, SuppliersView, SupplierView, render_supplier
from dom.api.views import ControlsView, ControlView, LocationsView, LocationView, ProductView
from dom.aws.clients import client
from dom.aws.control_store import ControlStore
from dom.aws.network_store import NetworkStore
from dom.aws.product_store import DynamoProductStore
from dom.aws.queues import Queue
from dom.aws.rebalancing_store import TERMS, TermsStore
from dom.aws.safety_store import SafetyStore
from dom.aws.stock_queue import StockQueue
from dom.aws.supplier_store import SupplierStore
from dom.aws.tally_store import TallyStore
from dom.errors import NotFound
from dom.model import names
from dom.model.clock import system_clock
from dom.model.described import put_described
from dom.model.location_state import state_of
from dom.network.kits import check_control
from dom.network.put_location import OpenWork, put_location
from dom.network.put_product import put_product
from dom.network.switch import Switch, switch
from dom.observability import logger, metrics
from dom.settings import from_environment

api = Api()


@cache
def _store() -> NetworkStore:
    return NetworkStore(client("dynamodb"), from_environment().network_table)


@cache
def _products() -> DynamoProductStore:
    return DynamoProductStore(client("dynamodb"), from_environment().inventory_table)


@cache
def _controls() -> tuple[ControlStore, StockQueue]:
    settings = from_environment()
    store = ControlStore(client("dynamodb"), settings.network_table)
    return store, StockQueue(Queue(client("sqs"), settings.stock_queue_url))


@cache
def _policies() -> SafetyStore:
    return SafetyStore(client("dynamodb"), from_environment().network_table)


@cache
def _terms() -> TermsStore:
    return TermsStore(client("dynamodb"), from_environment().network_table)


@cache
def _suppliers() -> SupplierStore:
    return SupplierStore(client("dynamodb"), from_environment().network_table)


@cache
def _tallies() -> TallyStore:
    return TallyStore(client("dynamodb"), from_environment().inventory_table)


@api.on(locations.PUT_LOCATION)
def put(request: Request) -> LocationView:
    """Create or replace."""
    location_id = names.location_id(request.path["id"])
    request.identity.require_location(location_id)
    wanted = request.body(LocationBody).location(location_id)
    return render_location(put_location(wanted, _store(), system_clock, request.identity.name))


@api.on(locations.GET_LOCATION)
def get(request: Request) -> LocationView:
    """One."""
    found = _store().find(names.location_id(request.path["id"]))
    if found is None:
        raise NotFound("location", request.path["id"])
    return render_location(found.location.at(system_clock()))


@api.on(location_capacity.CAPACITY)
def days(request: Request) -> CapacityView:
    """What its days have left."""
    found = _store().location(names.location_id(request.path["id"]))
    if found is None:
        raise NotFound("location", request.path["id"])
    now = system_clock()
    state = state_of(_store().state(found.location_id), now)
    return render_capacity(found, state, found.local_date(now))


@api.on(location_switch.DEACTIVATE)
def deactivated(request: Request) -> LocationView:
    """Off."""
    body = request.optional_body(DeactivateBody)
    work = OpenWork(body.open_work)
    return _switched(request, active=False, open_work=work, until=body.until, reason=body.reason)


@api.on(location_switch.ACTIVATE)
def activated(request: Request) -> LocationView:
    """On."""
    return _switched(request, active=True, reason=request.optional_body(ActivateBody).reason)


def _switched(request: Request, **how: Any) -> LocationView:
    location_id = names.location_id(request.path["id"])
    request.identity.require_location(location_id)
    wanted = Switch(location_id, **how)
    return render_location(switch(wanted, _store(), system_clock, request.identity.name))


@api.on(locations.LIST_LOCATIONS)
def listed(request: Request) -> LocationsView:
    """All."""
    return {"locations": [render_location(location) for location in _store().all()]}


@api.on(products.PUT_PRODUCT)
def put_sku(request: Request) -> ProductView:
    """Create or replace."""
    request.identity.require_location("")
    body, sku = request.body(ProductBody), names.sku(request.path["sku"])
    return render_product(put_product(body.product(sku), _products(), body.left_out))


@api.on(products.GET_PRODUCT)
def get_sku(request: Request) -> ProductView:
    """One."""
    found = _products().find(names.sku(request.path["sku"]))
    if found is None:
        raise NotFound("product", request.path["sku"])
    return render_product(found)


@api.on(controls.PUT_CONTROL)
def put_kept_back(request: Request) -> ControlView:
    """Create or replace; channels show what it leaves."""
    request.identity.require_location("")
    wanted = request.body(ControlBody).control(described_id(request.path["id"]))
    check_control(wanted, _products().find_all(wanted.skus))
    stored, changed = put_described(wanted, _controls()[0])
    if changed:
        _controls()[1].everything()
    return render_control(stored)


@api.on(controls.GET_CONTROL)
def get_kept_back(request: Request) -> ControlView:
    """One."""
    name = described_id(request.path["id"])
    return render_control(_controls()[0].find(name), name)


@api.on(controls.LIST_CONTROLS)
def listed_kept_back(request: Request) -> ControlsView:
    """All."""
    return {"controls": [render_control(control) for control in _controls()[0].all()]}


@api.on(controls.REMOVE_CONTROL)
def removed_kept_back(request: Request) -> ControlView:
    """Gone; channels show what that frees."""
    request.identity.require_location("")
    name = described_id(request.path["id"])
    store, queue = _controls()
    gone = render_control(store.find(name), name)
    store.remove(name)
    queue.everything()
    return gone


@api.on(safety_stock.PUT_POLICY)
def put_policy(request: Request) -> SafetyPolicyView:
    """Create or replace."""
    request.identity.require_location("")
    wanted = request.body(SafetyPolicyBody).policy(described_id(request.path["id"]))
    return render_policy(put_described(wanted, _policies())[0])


@api.on(safety_stock.GET_POLICY)
def get_policy(request: Request) -> SafetyPolicyView:
    """One."""
    name = described_id(request.path["id"])
    return render_policy(_policies().find(name), name)


@api.on(safety_stock.LIST_POLICIES)
def listed_policies(request: Request) -> SafetyPoliciesView:
    """All."""
    return {"policies": [render_policy(policy) for policy in _policies().all()]}


@api.on(safety_stock.REMOVE_POLICY)
def removed_policy(request: Request) -> SafetyPolicyView:
    """Gone."""
    request.identity.require_location("")
    name = described_id(request.path["id"])
    gone = render_policy(_policies().find(name), name)
    _policies().remove(name)
    return gone


@api.on(rebalancing_terms.PUT_TERMS)
def put_terms(request: Request) -> TermsView:
    """Create or replace."""
    request.identity.require_location("")
    return render_terms(put_described(request.body(TermsBody).terms(TERMS), _terms())[0])


@api.on(rebalancing_terms.GET_TERMS)
def get_terms(request: Request) -> TermsView:
    """The ones there are."""
    return render_terms(_terms().find(TERMS))


@api.on(rebalancing_terms.REMOVE_TERMS)
def removed_terms(request: Request) -> TermsView:
    """Gone."""
    request.identity.require_location("")
    gone = render_terms(_terms().find(TERMS))
    _terms().remove(TERMS)
    return gone


@api.on(suppliers.PUT_SUPPLIER)
def put_supplier(request: Request) -> SupplierView:
    """Create or replace."""
    request.identity.require_location("")
    location_id = names.location_id(request.path["id"])
    place = _store().location(location_id)
    if place is None:
        raise NotFound("location", location_id)
    wanted = request.body(SupplierBody).supplier(place)
    return render_supplier(put_described(wanted, _suppliers())[0])


@api.on(suppliers.GET_SUPPLIER)
def get_supplier(request: Request) -> SupplierView:
    """One."""
    location_id = names.location_id(request.path["id"])
    request.identity.require_location(location_id)
    return render_supplier(_suppliers().find(location_id), location_id)


@api.on(suppliers.LIST_SUPPLIERS)
def listed_suppliers(request: Request) -> SuppliersView:
    """All."""
    request.identity.require_location("")
    return {"suppliers": [render_supplier(one) for one in _suppliers().all()]}


@api.on(suppliers.REMOVE_SUPPLIER)
def removed_supplier(request: Request) -> SupplierView:
    """Gone."""
    request.identity.require_location("")
    location_id = names.location_id(request.path["id"])
    gone = render_supplier(_suppliers().find(location_id), location_id)
    _suppliers().remove(location_id)
    return gone


@api.on(scorecards.GET_SCORECARD)
def scorecard(request: Request) -> ScorecardView:
    """By days."""
    location_id = names.location_id(request.path["id"])
    request.identity.require_location(location_id)
    first, last = days_asked_for(request, system_clock)
    return render_scorecard(location_id, first, last, _tallies().days(location_id, first, last))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
