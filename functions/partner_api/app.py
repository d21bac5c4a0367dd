"""Partners and their files over HTTP."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api import partners
from dom.api.app import Api
from dom.api.partner_body import PartnerBody
from dom.api.partners import (
    PartnerFilesView,
    PartnerFileView,
    PartnersView,
    PartnerView,
    render_file,
    render_partner,
)
from dom.api.request import Request
from dom.aws.clients import client
from dom.aws.partner_files import left_of
from dom.aws.partner_store import PartnerRuns, PartnerStore
from dom.aws.partner_wiring import partner_runs
from dom.aws.queues import Queue
from dom.errors import NotFound
from dom.model.described import put_described
from dom.model.partner import Partner
from dom.observability import logger, metrics
from dom.partners.manage import dismiss, retry
from dom.settings import from_environment

api = Api()


@cache
def _ports() -> tuple[PartnerStore, PartnerRuns, Queue]:
    settings = from_environment()
    store = PartnerStore(client("dynamodb"), settings.network_table)
    return store, partner_runs(settings), Queue(client("sqs"), settings.partner_queue_url)


@api.on(partners.PUT_PARTNER)
def put(request: Request) -> PartnerView:
    """Create or replace."""
    wanted = request.body(PartnerBody).partner(_name(request))
    return render_partner(put_described(wanted, _ports()[0])[0])


@api.on(partners.GET_PARTNER)
def get(request: Request) -> PartnerView:
    """One."""
    return render_partner(_partner(request))


@api.on(partners.LIST_PARTNERS)
def listed(request: Request) -> PartnersView:
    """All."""
    request.identity.require_location("")
    return {"partners": [render_partner(one) for one in _ports()[0].all()]}


@api.on(partners.REMOVE_PARTNER)
def removed(request: Request) -> PartnerView:
    """Gone."""
    found = _partner(request)
    _ports()[0].remove(found.id)
    return render_partner(found)


@api.on(partners.LIST_FILES)
def files(request: Request) -> PartnerFilesView:
    """A page."""
    after = partners.cursor(request.query.get("next"))
    found, following = _ports()[1].page(_name(request), after)
    return {"files": [render_file(one) for one in found], "next": following or None}


@api.on(partners.GET_FILE)
def file(request: Request) -> PartnerFileView:
    """One."""
    return render_file(_ports()[1].load(*_run(request)))


@api.on(partners.RETRY_FILE)
def retried(request: Request) -> PartnerFileView:
    """Read again."""
    _, runs, queue = _ports()
    return render_file(retry(*_run(request), runs, lambda one: queue.send(left_of(one))))


@api.on(partners.DISMISS_FILE)
def dismissed(request: Request) -> PartnerFileView:
    """Settled."""
    return render_file(dismiss(*_run(request), request.identity.name, _ports()[1]))


def _name(request: Request) -> str:
    request.identity.require_location("")
    return partners.partner_name(request.path["id"])


def _run(request: Request) -> tuple[str, str]:
    return _name(request), partners.run_id(request.path["run"])


def _partner(request: Request) -> Partner:
    name = _name(request)
    found = _ports()[0].find(name)
    if found is None:
        raise NotFound("partner", name)
    return found


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
