"""Floor work over HTTP."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api import fulfillments
from dom.api.app import Api
from dom.api.fulfillments import ActionBody, status_named
from dom.api.render_order import render_work
from dom.api.request import Request
from dom.api.views import FulfillmentOrderView, WorkView
from dom.aws.clients import client
from dom.aws.wiring import floor
from dom.aws.work_store import WorkStore
from dom.errors import NotFound
from dom.fulfillment.actions import perform
from dom.fulfillment.as_one import perform_as_one
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.ports import Floor
from dom.model import names
from dom.observability import logger, metrics
from dom.settings import from_environment

api = Api()


@cache
def _floor() -> Floor:
    return floor(from_environment())


@cache
def _works() -> WorkStore:
    return WorkStore(client("dynamodb"), from_environment().orders_table)


@api.on(fulfillments.ACT)
def act(request: Request) -> FulfillmentOrderView:
    """Carry out a floor action."""
    work_id, caller = names.fulfillment_order_id(request.path["id"]), request.identity
    body = request.optional_body(ActionBody)
    action, key = request.path["action"], request.idempotency_key() or body.request_id
    wanted = ActionRequest(
        # A key that a caller uses for two actions still means two requests.
        f"{action}:{key}" if key else "",
        body.units(),
        () if body.together else tuple(parcel.parcel(work_id) for parcel in body.parcels),
        body.reason,
        body.expected_version or body.version,
        body.code,
        body.identity_checked,
        body.bay,
        body.vehicle,
        body.restock,
        body.eta,
    )
    who = (caller.name, caller.location_ids, _floor())
    if body.together:
        boxes = [parcel.box(work_id) for parcel in body.parcels]
        return render_work(perform_as_one(action, work_id, wanted, boxes, *who))
    return render_work(perform(action, work_id, wanted, *who))


@api.on(fulfillments.GET_WORK)
def get(request: Request) -> FulfillmentOrderView:
    """One."""
    work = _floor().orders.fulfillment_order(names.fulfillment_order_id(request.path["id"]))
    if work is None or not any(map(request.identity.sees, work.places)):
        raise NotFound("fulfillment order", request.path["id"])
    return render_work(work)


@api.on(fulfillments.LIST_WORK)
def listed(request: Request) -> WorkView:
    """A page of a location's."""
    location_id = names.location_id(request.query.get("location_id") or _own(request))
    request.identity.require_location(location_id)
    status = status_named(request.query.get("status", ""))
    page = _works().find(location_id, status, request.query.get("next"))
    return {"fulfillment_orders": [render_work(work) for work in page.works], "next": page.next}


def _own(request: Request) -> str:
    own = request.identity.location_ids or ()
    return next(iter(own)) if len(own) == 1 else request.needed("location_id")


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
