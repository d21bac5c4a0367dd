"""Returns over HTTP: asked for, decided, received, inspected."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from dom.api import photos, return_signals, returns
from dom.api.app import Api
from dom.api.photos import PhotoBody, UploadView
from dom.api.render_return import render_return
from dom.api.request import Request
from dom.api.return_signals import ReturnSignalsView
from dom.api.return_views import ReturnsView, ReturnView
from dom.api.returns import (
    InspectBody,
    ReceiveBody,
    ReturnBody,
    TrackBody,
    WordBody,
    pairs,
    status_named,
)
from dom.aws import personal_wiring, return_wiring, wiring
from dom.aws.clients import client
from dom.aws.labels import label_url
from dom.aws.photos import Photos
from dom.aws.return_store import ReturnStore
from dom.aws.sealed_notes import SealedNotes
from dom.errors import Busy, NotFound
from dom.model import names
from dom.model.clock import system_clock, to_text
from dom.model.rma import Return
from dom.observability import count, logger, metrics, rules_unreadable
from dom.returns import decide
from dom.returns.inspect import Found, Inspection, inspect
from dom.returns.labelled import track
from dom.returns.ports import Returning
from dom.returns.receive import Receipt, receive
from dom.returns.request import request_return
from dom.returns.signals import faults
from dom.returns.wanted import Override, Wanted, WantedLine
from dom.settings import from_environment

api = Api()


NOT_NOW = "(sealed, and cannot be read now)"


@cache
def _returning() -> Callable[[], Returning]:
    settings = from_environment()
    return return_wiring.returning(settings, wiring.rules(settings, rules_unreadable))


@cache
def _store() -> ReturnStore:
    return ReturnStore(client("dynamodb"), from_environment().orders_table)


@cache
def _photos() -> Photos:
    return Photos(client("s3"), from_environment().raw_bucket)


@cache
def _notes() -> SealedNotes:
    return personal_wiring.notes(from_environment())


@api.on(returns.POST_RETURN)
def post(request: Request) -> ReturnView:
    """Ask for one."""
    body, caller = request.body(ReturnBody), request.identity
    place = body.place()
    caller.require_location(place or "")
    if body.override:
        caller.require("returns:approve")
    wanted = Wanted(
        names.order_id(body.order_id),
        tuple(
            WantedLine(x.line_id, x.quantity, x.reason, x.note, tuple(x.photos)) for x in body.lines
        ),
        body.method,
        body.outcome,
        body.wanted_instead(),
        place,
        Override(body.override.name or caller.name, body.override.reason)
        if body.override
        else None,
        request.idempotency_key(),
    )
    return _shown(request_return(wanted, caller.name, _returning()()))


@api.on(returns.GET_RETURN)
def get(request: Request) -> ReturnView:
    """One."""
    return _shown(_seen(request))


@api.on(returns.LIST_RETURNS)
def listed(request: Request) -> ReturnsView:
    """Of an order, or a page of a location's."""
    status, order_id = status_named(request.query.get("status", "")), request.query.get("order_id")
    if order_id:
        found = _returning()().orders.returns_of(names.order_id(order_id))
        seen = [x for x in found if status in (None, x.status) and _sees(request, x)]
        return {"returns": [_shown(one) for one in seen], "next": None}
    location_id = names.location_id(request.query.get("location_id") or _own(request))
    request.identity.require_location(location_id)
    page = _store().find(location_id, status, request.query.get("next"))
    return {"returns": [_shown(one) for one in page.returns], "next": page.next}


@api.on(returns.RECEIVE)
def received(request: Request) -> ReturnView:
    """Note what came, where."""
    body, caller = request.body(ReceiveBody), request.identity
    place = names.location_id(body.location_id)
    caller.require_location(place)
    key = request.idempotency_key() or body.request_id
    receipt = Receipt(
        place,
        pairs(body.lines),
        pairs(body.missing),
        body.others(),
        f"receive:{key}" if key else "",
    )
    name = names.return_id(request.path["id"])
    return _shown(receive(name, receipt, caller.name, _returning()()))


@api.on(returns.INSPECT)
def inspected(request: Request) -> ReturnView:
    """Grade what came."""
    body, caller = request.body(InspectBody), request.identity
    place = names.location_id(body.location_id) if body.location_id else None
    caller.require_location(place or _seen(request).location_id or "")
    key = request.idempotency_key() or body.request_id
    found = tuple(
        Found(x.line_id, x.quantity, x.condition, tuple(x.photos), x.disposition)
        for x in body.lines
    )
    inspection = Inspection(found, place, f"inspect:{key}" if key else "")
    name = names.return_id(request.path["id"])
    return _shown(inspect(name, inspection, caller.name, _returning()()))


@api.on(returns.TRACK)
def tracked(request: Request) -> ReturnView:
    """Tell the number of the parcel."""
    body, record = request.body(TrackBody), _seen(request)
    caller = request.identity.name
    ports = _returning()()
    return _shown(track(record.id, body.carrier, body.tracking_number, caller, ports))


@api.on(returns.DECIDE)
def decided(request: Request) -> ReturnView:
    """Approve, decline, cancel, pay again, or ask the carrier again."""
    body, caller = request.optional_body(WordBody), request.identity
    action, record = request.path["action"], _seen(request)
    key = request.idempotency_key() or body.request_id
    place = names.location_id(body.location_id) if body.location_id else None
    word = decide.Word(caller.name, body.reason, f"{action}:{key}" if key else "", place)
    return _shown(decide.step_named(action)(record.id, word, _returning()()))


def _seen(request: Request) -> Return:
    """The return of the path, if the caller may know of it."""
    record = _returning()().orders.rma(names.return_id(request.path["id"]))
    if record is None or not _sees(request, record):
        raise NotFound("return", request.path["id"])
    return record


def _sees(request: Request, record: Return) -> bool:
    return request.identity.sees(record.location_id or "")


def _own(request: Request) -> str:
    own = request.identity.location_ids or ()
    return next(iter(own)) if len(own) == 1 else request.needed("location_id")


def _shown(record: Return) -> ReturnView:
    url = label_url(client("s3"), from_environment().raw_bucket, record)
    return render_return(record, url, _photos().link, partial(_note, record.order_id))


def _note(order_id: str, note: str) -> str:
    """What was done is done, whether its notes can be read now or not."""
    try:
        return _notes().read(order_id, note)
    except Busy:
        count("NotesNotShown")
        return NOT_NOW


@api.on(photos.POST_PHOTO)
def photo(request: Request) -> UploadView:
    """A signed upload."""
    made = _photos().upload(request.body(PhotoBody).content_type, system_clock())
    until = to_text(made.expires_at)
    return {"key": made.key, "url": made.url, "fields": made.fields, "expires_at": until}


@api.on(return_signals.GET_SIGNALS)
def signals(request: Request) -> ReturnSignalsView:
    """Why goods come back."""
    scope, key, month = return_signals.asked_for(request, system_clock)
    tally = _returning()().tallies.tallies(scope, [key], month)[key]
    return return_signals.render_signals(tally, faults(tally))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
