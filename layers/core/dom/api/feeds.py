"""Feeds as files in the API: who sends them, what became of each, what people decide of them."""

from __future__ import annotations

import re
from dataclasses import asdict

from dom.api.feed_source_body import FeedSourceBody
from dom.api.feed_views import FeedRunsView, FeedRunView, FeedSourcesView, FeedSourceView
from dom.api.operation import Operation, Query
from dom.api.paging import cursor_of
from dom.errors import InvalidInput, NotFound
from dom.model.clock import to_text
from dom.model.feed_source import FeedRun, FeedSource, PullState, drop_prefix
from dom.model.ids import TIMED_ID

_SOURCE = re.compile(r"[A-Za-z0-9._-]{1,80}")


def source_name(text: str) -> str:
    """A name that a source can have; InvalidInput otherwise."""
    if not _SOURCE.fullmatch(text):
        raise InvalidInput("source", "letters, digits, dots, dashes and underscores, up to 80")
    return text


def run_id(text: str) -> str:
    """An id that could be a run's; NotFound otherwise."""
    if not TIMED_ID.fullmatch(text):
        raise NotFound("feed run", text[:80])
    return text


def cursor(text: str | None) -> str:
    """Where the next page goes on; InvalidInput: it is none of ours."""
    return cursor_of(text, TIMED_ID)


PUT_FEED = Operation(
    "putFeed",
    "PUT",
    "/feeds/{source}",
    "feeds:write",
    "How files of a source are read, and which of them a person looks at first.",
    FeedSourceView,
    body=FeedSourceBody,
)
GET_FEED = Operation(
    "getFeed",
    "GET",
    "/feeds/{source}",
    "feeds:read",
    "How files of a source are read.",
    FeedSourceView,
    problems=(404,),
)
LIST_FEEDS = Operation(
    "listFeeds",
    "GET",
    "/feeds",
    "feeds:read",
    "Every source of files.",
    FeedSourcesView,
)
REMOVE_FEED = Operation(
    "removeFeed",
    "DELETE",
    "/feeds/{source}",
    "feeds:write",
    "Take no more files of a source.",
    FeedSourceView,
    problems=(404,),
)
PULL_FEED = Operation(
    "pullFeed",
    "POST",
    "/feeds/{source}/pull",
    "feeds:write",
    "Ask a source within five minutes, whenever its time would be.",
    FeedSourceView,
    success=202,
    problems=(404, 409),
)
LIST_RUNS = Operation(
    "listFeedRuns",
    "GET",
    "/feeds/{source}/runs",
    "feeds:read",
    "What became of the files of a source, newest first.",
    FeedRunsView,
    query=(Query("next", "From the page before."),),
)
GET_RUN = Operation(
    "getFeedRun",
    "GET",
    "/feeds/{source}/runs/{run}",
    "feeds:read",
    "What became of a file, and where its rejected rows can be read.",
    FeedRunView,
    problems=(404,),
)
APPROVE_RUN = Operation(
    "approveFeedRun",
    "POST",
    "/feeds/{source}/runs/{run}/approve",
    "feeds:write",
    "Write a file that is held, or one that failed after it was read.",
    FeedRunView,
    success=202,
    problems=(404, 409),
)
DISMISS_RUN = Operation(
    "dismissFeedRun",
    "POST",
    "/feeds/{source}/runs/{run}/dismiss",
    "feeds:write",
    "Write nothing of a file that is held.",
    FeedRunView,
    problems=(404, 409),
)
OPERATIONS = (
    PUT_FEED,
    GET_FEED,
    LIST_FEEDS,
    REMOVE_FEED,
    PULL_FEED,
    LIST_RUNS,
    GET_RUN,
    APPROVE_RUN,
    DISMISS_RUN,
)


def render_source(one: FeedSource, state: PullState | None = None) -> FeedSourceView:
    """The source as the API shows it; `state` of one that is asked."""
    shown: FeedSourceView = {
        "source": one.source,
        "format": one.format.value,
        "mode": one.mode.value,
        "quantity_is": one.quantity_is.value,
        "columns": dict(one.columns),
        "location_id": one.location_id,
        "locations": dict(one.locations),
        "delimiter": one.delimiter,
        "encoding": one.encoding,
        "complete": one.complete,
        "active": one.active,
        "gate": asdict(one.gate),  # type: ignore[typeddict-item]
        "pull": asdict(one.pull) if one.pull else None,  # type: ignore[typeddict-item]
        "version": one.version,
        "drop_at": drop_prefix(one.source),
    }
    if state:
        shown["pulled"] = {
            "next_at": to_text(state.next_at),
            "failures": state.failures,
            "reason": state.reason,
            "pulled_at": to_text(state.pulled_at) if state.pulled_at else None,
        }
    return shown


def render_run(run: FeedRun, rejects: str = "") -> FeedRunView:
    """The run as the API shows it; `rejects` is a link."""
    shown: FeedRunView = {
        "run_id": run.run_id,
        "source": run.source,
        "file": run.key,
        "status": run.status.value,
        "uploaded_at": to_text(run.uploaded_at),
        "as_of": to_text(run.as_of) if run.as_of else None,
        "finished_at": to_text(run.finished_at) if run.finished_at else None,
        "reasons": list(run.reasons),
        "decided_by": run.decided_by,
        "tally": asdict(run.tally),  # type: ignore[typeddict-item]
    }
    if rejects:
        shown["rejects"] = rejects
    return shown
