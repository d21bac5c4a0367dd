"""The pages of a source that is asked: tried again, and followed to their end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from dom.errors import Busy, InvalidInput, Rejected
from dom.model.feed_source import Pull

# Tries of a page, with pauses of 1, 2, 4… seconds between them.
TRIES = 4
MOST_PAGES = 20_000


class Fetch(Protocol):
    """A GET request. Busy: not now. Rejected: never like this."""

    def __call__(self, url: str, headers: Mapping[str, str], into: BinaryIO) -> Mapping[str, str]:
        """Write the answer's bytes into the file; its headers by lower-case name."""


@dataclass(frozen=True, slots=True)
class Access:
    """What the source's secret says: headers of each request, and its address if that is secret."""

    headers: Mapping[str, str]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """How a source is asked."""

    fetch: Fetch
    access: Access
    sleep: Callable[[float], None]


def records_of(asked: Pull, asking: Asking, folder: Path) -> Iterator[bytes]:
    """A line of NDJSON for each element of each page.

    InvalidInput, Rejected: the pages are not what was described. Busy: not now.
    """
    url = asking.access.url or asked.url
    seen: set[str] = set()
    while url:
        if url in seen or len(seen) == MOST_PAGES:
            raise Rejected("its pages have no end")
        seen.add(url)
        path = folder / "page"
        with path.open("w+b") as file:
            headers = page_into(file, url, asking)
            file.seek(0)
            answer = _json(file)
        yield from (json.dumps(one).encode() + b"\n" for one in _items(answer, asked.items))
        url = _following(url, asked, answer, headers)


def page_into(file: BinaryIO, url: str, asking: Asking) -> Mapping[str, str]:
    """One answer, in the file; what fails for now is tried again. Its headers."""
    for attempt in range(TRIES - 1):
        try:
            return asking.fetch(url, asking.access.headers, file)
        except Busy:
            file.seek(0)
            file.truncate()
            asking.sleep(2.0**attempt)
    return asking.fetch(url, asking.access.headers, file)


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
