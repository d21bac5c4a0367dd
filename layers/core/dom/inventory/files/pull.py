"""Sources that are asked: what they answer becomes a file, which goes the way of all files.

A source that fails is asked again later and later, so that nobody who is down is hammered.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from dom.errors import Busy, DomError, IllegalTransition
from dom.inventory.files.pages import Access, Asking, Fetch, page_into, records_of
from dom.model.clock import Clock, to_text
from dom.model.feed_source import FeedSource, Pull, PullState, drop_prefix

# After so many failures in a row the source rests for ever longer, up to this.
PATIENCE, LONGEST_REST = 3, timedelta(hours=6)


class States(Protocol):
    """When sources are asked."""

    def load(self, source: str) -> PullState | None:
        """The state; None: it was never asked."""

    def save(self, state: PullState) -> PullState | None:
        """Store it, one version on; None if somebody else did."""


@dataclass(frozen=True, slots=True)
class Pulling:
    """Ports. `drop` keeps a file at a key, with metadata."""

    fetch: Fetch
    access: Callable[[str], Access]
    drop: Callable[[str, Path, Mapping[str, str]], None]
    states: States
    clock: Clock
    scratch: Path
    sleep: Callable[[float], None] = time.sleep


def pull(source: FeedSource, ports: Pulling) -> PullState | None:
    """Ask a source whose time has come, and drop what it says; how it stands then.

    None: it is not its time, or somebody else is at it. A failure is in the state, not raised.
    """
    claimed = _claim(source, ports)
    if claimed is None or source.pull is None:
        return None
    try:
        _ask(source, source.pull, ports)
    except DomError as error:
        return ports.states.save(_failed(claimed, source.pull, str(error), ports))
    told = replace(claimed, failures=0, reason="", pulled_at=ports.clock())
    return ports.states.save(told)


def _claim(source: FeedSource, ports: Pulling) -> PullState | None:
    """The next time is set before it is asked: whoever dies over it is not followed at once."""
    if source.pull is None or not source.active:
        return None
    now = ports.clock()
    state = ports.states.load(source.source) or PullState(source.source, now)
    if state.next_at > now:
        return None
    every = timedelta(minutes=source.pull.every_minutes)
    return ports.states.save(replace(state, next_at=now + every))


def pull_now(source: FeedSource, states: States, clock: Clock) -> PullState:
    """Its time is now, and what failed before is forgiven.

    IllegalTransition: it is not a source that is asked. Busy: it is being asked at this moment.
    """
    if source.pull is None:
        raise IllegalTransition("feed source", source.source, "not pulled", "pulled")
    state = states.load(source.source) or PullState(source.source, clock())
    saved = states.save(replace(state, next_at=clock(), failures=0))
    if saved is None:
        raise Busy(f"feed source {source.source} is being asked")
    return saved


def _failed(state: PullState, asked: Pull, reason: str, ports: Pulling) -> PullState:
    failures = state.failures + 1
    every = timedelta(minutes=asked.every_minutes)
    doublings = min(16, max(0, failures - PATIENCE))
    rest = max(every, min(LONGEST_REST, every * 2**doublings))
    return replace(state, failures=failures, reason=reason[:300], next_at=ports.clock() + rest)


def _ask(source: FeedSource, asked: Pull, ports: Pulling) -> None:
    """The whole answer into one file, and that into the bucket."""
    began = ports.clock()
    asking = Asking(ports.fetch, ports.access(source.source), ports.sleep)
    with TemporaryDirectory(dir=ports.scratch) as folder:
        path = Path(folder) / "answer"
        with path.open("wb") as file:
            if asked.items:
                for line in records_of(asked, asking, Path(folder)):
                    file.write(line)
            else:
                page_into(file, asking.access.url or asked.url, asking)
        name = f"pull-{began:%Y%m%dT%H%M%S}.{source.format.value}"
        # What the source said is as of the moment it was asked, at the latest.
        ports.drop(drop_prefix(source.source) + name, path, {"as-of": to_text(began)})
