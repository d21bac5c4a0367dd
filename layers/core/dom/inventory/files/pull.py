"""Sources that are asked: what they answer becomes a file, which goes the way of all files.

A source that fails is asked again later and later, so that nobody who is down is hammered.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Protocol
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from dom.errors import Busy, DomError, IllegalTransition, InvalidInput, Rejected
from dom.model.clock import Clock, to_text
from dom.model.feed_source import FeedSource, Pull, PullState, drop_prefix

# Tries of a page, with pauses of 1, 2, 4… seconds between them.
TRIES = 4
MOST_PAGES = 20_000
# After so many failures in a row the source rests for ever longer, up to this.
PATIENCE, LONGEST_REST = 3, timedelta(hours=6)


class Fetch(Protocol):
    """A GET request. Busy: not now. Rejected: never like this."""

    def __call__(self, url: str, headers: Mapping[str, str], into: BinaryIO) -> Mapping[str, str]:
        """Write the answer's bytes into the file; its headers by lower-case name."""


@dataclass(frozen=True, slots=True)
class Access:
    """What the source's secret says: headers of each request, and its address if that is secret."""

    headers: Mapping[str, str]
    url: str = ""


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
    began, access = ports.clock(), ports.access(source.source)
    with TemporaryDirectory(dir=ports.scratch) as folder:
        path = Path(folder) / "answer"
        with path.open("wb") as file:
            if asked.items:
                for line in _records(asked, access, ports, Path(folder)):
                    file.write(line)
            else:
                _page(access.url or asked.url, access, file, ports)
        name = f"pull-{began:%Y%m%dT%H%M%S}.{source.format.value}"
        # What the source said is as of the moment it was asked, at the latest.
        ports.drop(drop_prefix(source.source) + name, path, {"as-of": to_text(began)})


def _records(asked: Pull, access: Access, ports: Pulling, folder: Path) -> Iterator[bytes]:
    """A line of NDJSON for each element of each page."""
    url = access.url or asked.url
    seen: set[str] = set()
    while url:
        if url in seen or len(seen) == MOST_PAGES:
            raise Rejected("its pages have no end")
        seen.add(url)
        path = folder / "page"
        with path.open("w+b") as file:
            headers = _page(url, access, file, ports)
            file.seek(0)
            answer = _json(file)
        yield from (json.dumps(one).encode() + b"\n" for one in _items(answer, asked.items))
        url = _following(url, asked, answer, headers)


def _page(url: str, access: Access, file: BinaryIO, ports: Pulling) -> Mapping[str, str]:
    """One answer, in the file; what fails for now is tried again."""
    for attempt in range(TRIES - 1):
        try:
            return ports.fetch(url, access.headers, file)
        except Busy:
            file.seek(0)
            file.truncate()
            ports.sleep(2.0**attempt)
    return ports.fetch(url, access.headers, file)


def _json(file: BinaryIO) -> object:
    try:
        return json.load(file)
    except (ValueError, RecursionError):
        raise InvalidInput("page", "it is not JSON") from None


def _items(answer: object, path: str) -> list[object]:
    found = _at(answer, path)
    if not isinstance(found, list):
        raise InvalidInput("page", f"it has no list at {path}")
    return found


def _at(answer: object, path: str) -> object:
    """What stands at a path of names; "." is the answer itself."""
    for name in path.split(".") if path != "." else ():
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer


def _following(url: str, asked: Pull, answer: object, headers: Mapping[str, str]) -> str:
    """The address of the next page; "": that was all."""
    if not asked.following:
        return _same_host(url, _linked(headers.get("link", "")))
    found = _at(answer, asked.following)
    if found is None or found is False or found == "":
        return ""
    return _with(url, asked.cursor, str(found)) if asked.cursor else _same_host(url, str(found))


def _linked(header: str) -> str:
    """The address that a Link header calls `next`. Source: RFC 8288."""
    for part in header.split(","):
        address, *parameters = part.split(";")
        names = {one.strip().lower().replace('"', "") for one in parameters}
        if "rel=next" in names:
            return address.strip().strip("<>")
    return ""


def _same_host(url: str, found: str) -> str:
    """The address, absolute. Rejected: credentials would go to another host."""
    if not found:
        return ""
    following = urljoin(url, found)
    before, after = urlsplit(url), urlsplit(following)
    if (before.scheme, before.netloc) != (after.scheme, after.netloc):
        raise Rejected(f"its next page is at another host: {after.hostname}")
    return following


def _with(url: str, name: str, value: str) -> str:
    parts = urlsplit(url)
    query = [(key, old) for key, old in parse_qsl(parts.query, True) if key != name]
    return urlunsplit(parts._replace(query=urlencode([*query, (name, value)])))
