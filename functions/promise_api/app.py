"""Promises and cart reservations over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from dom.api import promises, reservations
from dom.api.app import Api
from dom.api.promise_views import AvailabilityView, PromiseView, ReservationView
from dom.api.promises import PromiseBody, render_ats, render_promise
from dom.api.request import Request
from dom.api.reservations import ExtendBody, ReservationBody, render_reservation
from dom.aws import wiring
from dom.model import names
from dom.model.reservation import Reservation
from dom.observability import logger, metrics, rules_unreadable
from dom.promise.ats import available_to_sell
from dom.promise.hold import HoldRequest, hold
from dom.promise.ports import Holding, Promising
from dom.promise.promise import promise
from dom.promise.settle import settle, step_named
from dom.settings import from_environment

api = Api()


@cache
def _promising() -> Callable[[], Promising]:
    settings = from_environment()
    return wiring.promising(settings, wiring.rules(settings, rules_unreadable))


@cache
def _holding() -> Holding:
    return wiring.holding(from_environment())


@api.on(promises.POST_PROMISE)
def post(request: Request) -> PromiseView:
    """Options for a cart."""
    return render_promise(promise(request.body(PromiseBody).cart(), _promising()()))


@api.on(promises.GET_AVAILABILITY)
def get(request: Request) -> AvailabilityView:
    """Units to sell."""
    sku, channel = names.sku(request.path["sku"]), request.needed("channel")
    return render_ats(available_to_sell(sku, channel, _promising()()))


@api.on(reservations.POST_RESERVATION)
def reserve(request: Request) -> ReservationView:
    """Hold."""
    body, caller = request.body(ReservationBody), request.identity
    place = names.location_id(body.location_id) if body.location_id else None
    caller.require_location(place or "")
    wanted = HoldRequest(
        body.units(),
        timedelta(seconds=body.ttl_seconds),
        caller.name,
        body.channel,
        place,
        request.idempotency_key(),
    )
    return render_reservation(hold(wanted, _holding()))


@api.on(reservations.SETTLE_RESERVATION)
def act(request: Request) -> ReservationView:
    """Extend, commit or release."""
    seconds = request.optional_body(ExtendBody).ttl_seconds
    step = step_named(request.path["action"], seconds)
    name, caller = reservations.reservation_id(request.path["id"]), request.identity

    def sees(found: Reservation) -> bool:
        return all(caller.sees(one.location_id) for one in found.holds)

    return render_reservation(settle(name, step, caller.name, sees, _holding()))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
