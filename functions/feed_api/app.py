"""Feeds as files over HTTP."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api import feeds
from dom.api.app import Api
from dom.api.feed_source_body import FeedSourceBody
from dom.api.feed_views import FeedRunsView, FeedRunView, FeedSourcesView, FeedSourceView
from dom.api.request import Request
from dom.aws.feed_wiring import FeedOffice, feed_office
from dom.errors import NotFound
from dom.inventory.files.decide import approve, dismiss, put_source
from dom.inventory.files.pull import pull_now
from dom.model.clock import system_clock
from dom.model.feed_source import FeedSource
from dom.observability import logger, metrics
from dom.settings import from_environment

api = Api()


@cache
def _office() -> FeedOffice:
    return feed_office(from_environment())


@api.on(feeds.PUT_FEED)
def put(request: Request) -> FeedSourceView:
    """Create or replace."""
    request.identity.require_location("")
    name = feeds.source_name(request.path["source"])
    wanted = request.body(FeedSourceBody).source(name)
    return feeds.render_source(put_source(wanted, _office().sources))


@api.on(feeds.GET_FEED)
def get(request: Request) -> FeedSourceView:
    """One, and when it is asked."""
    found = _source(request)
    return feeds.render_source(found, _office().pulls.load(found.source) if found.pull else None)


@api.on(feeds.LIST_FEEDS)
def listed(request: Request) -> FeedSourcesView:
    """All."""
    return {"feeds": [feeds.render_source(one) for one in _office().sources.all()]}


@api.on(feeds.REMOVE_FEED)
def removed(request: Request) -> FeedSourceView:
    """Gone."""
    request.identity.require_location("")
    found = _source(request)
    _office().sources.remove(found.source)
    return feeds.render_source(found)


@api.on(feeds.PULL_FEED)
def pulled(request: Request) -> FeedSourceView:
    """Brought forward."""
    request.identity.require_location("")
    found = _source(request)
    return feeds.render_source(found, pull_now(found, _office().pulls, system_clock))


@api.on(feeds.LIST_RUNS)
def runs(request: Request) -> FeedRunsView:
    """A page."""
    name = feeds.source_name(request.path["source"])
    found, following = _office().runs.page(name, feeds.cursor(request.query.get("next")))
    return {"runs": [feeds.render_run(one) for one in found], "next": following or None}


@api.on(feeds.GET_RUN)
def run(request: Request) -> FeedRunView:
    """One, with its rejects."""
    found = _office().runs.load(*_run(request))
    link = _office().files.rejects_link(found) if found.tally.rejected else ""
    return feeds.render_run(found, link)


@api.on(feeds.APPROVE_RUN)
def approved(request: Request) -> FeedRunView:
    """Let through."""
    request.identity.require_location("")
    office, name = _office(), request.identity.name
    return feeds.render_run(approve(*_run(request), name, office.runs, office.executions.apply))


@api.on(feeds.DISMISS_RUN)
def dismissed(request: Request) -> FeedRunView:
    """Dropped."""
    request.identity.require_location("")
    name = request.identity.name
    return feeds.render_run(dismiss(*_run(request), name, _office().runs, system_clock))


def _source(request: Request) -> FeedSource:
    name = feeds.source_name(request.path["source"])
    found = _office().sources.find(name)
    if found is None:
        raise NotFound("feed source", name)
    return found


def _run(request: Request) -> tuple[str, str]:
    return feeds.source_name(request.path["source"]), feeds.run_id(request.path["run"])


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
