"""Sources that are asked: all their pages become one file, and who fails is asked less often."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from dom.errors import Busy, IllegalTransition, Rejected
from dom.http.download import download
from dom.inventory.files.pages import TRIES, Access
from dom.inventory.files.pull import LONGEST_REST, Pulling, pull, pull_now
from dom.model.feed_source import FeedSource, FileFormat, Pull, PullState
from hypothesis import given
from hypothesis import strategies as st
from support.builders import NOW
from support.feed_files import source

from tools.stand_in import Asked, Told, listening

URL = "https://vendor.example/stock"
PAGES = Pull(URL, 60, items="data.items", following="next")
Answer = Callable[[str], tuple[object, Mapping[str, str]]]


@dataclass
class Vendor:
    """A source that answers from a function of the address, and the bucket that it lands in."""

    answer: Answer
    access: Access = field(default_factory=lambda: Access({"authorization": "Bearer x"}))
    now: datetime = NOW
    state: PullState | None = None
    asked: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    files: dict[str, tuple[bytes, Mapping[str, str]]] = field(default_factory=dict)

    def fetch(self, url: str, headers: Mapping[str, str], into: BinaryIO) -> Mapping[str, str]:
        assert headers == self.access.headers
        self.asked.append(url)
        body, found = self.answer(url)
        into.write(body if isinstance(body, bytes) else json.dumps(body).encode())
        return found

    def drop(self, key: str, path: Path, metadata: Mapping[str, str]) -> None:
        self.files[key] = (path.read_bytes(), metadata)

    def load(self, name: str) -> PullState | None:
        return self.state

    def save(self, state: PullState) -> PullState | None:
        if self.state and self.state.version != state.version:
            return None
        self.state = replace(state, version=state.version + 1)
        return self.state

    def pull(self, by: FeedSource | None = None) -> PullState | None:
        scratch = Path(tempfile.gettempdir())
        ports = Pulling(
            self.fetch,
            lambda name: self.access,
            self.drop,
            self,
            lambda: self.now,
            scratch,
            self.pauses.append,
        )
        return pull(by or asked_for(PAGES), ports)


def asked_for(how: Pull | None, **changes: Any) -> FeedSource:
    return source(format=FileFormat.NDJSON, pull=how, **changes)


def pages(*found: object, key: str = "next") -> Answer:
    """Pages of one item each, which name the next."""

    def answer(url: str) -> tuple[object, Mapping[str, str]]:
        number = int(url.rpartition("=")[2]) if "=" in url else 0
        following = f"{URL}?page={number + 1}" if number + 1 < len(found) else None
        return {"data": {"items": [found[number]]}, key: following}, {}

    return answer


def failing(times: int, then: Answer, error: Exception) -> Answer:
    """Fails so many times first."""
    left = iter([error] * times)

    def answer(url: str) -> tuple[object, Mapping[str, str]]:
        for one in left:
            raise one
        return then(url)

    return answer


def test_all_pages_become_one_file_as_of_when_it_was_asked() -> None:
    vendor = Vendor(pages({"sku": "A"}, {"sku": "B"}, {"sku": "\u2615"}))
    state = vendor.pull()
    assert state and (state.failures, state.pulled_at) == (0, NOW)
    assert state.next_at == NOW + timedelta(minutes=60)
    ((key, (body, metadata)),) = vendor.files.items()
    assert key == f"in/wms/pull-{NOW:%Y%m%dT%H%M%S}.ndjson"
    assert [json.loads(line)["sku"] for line in body.splitlines()] == ["A", "B", "\u2615"]
    assert datetime.fromisoformat(metadata["as-of"]) == NOW


def test_a_file_is_taken_as_it_comes() -> None:
    vendor = Vendor(lambda url: (b"sku,quantity\nMUG,5\n", {}))
    vendor.pull(replace(asked_for(Pull(URL, 60)), format=FileFormat.CSV))
    ((key, (body, _)),) = vendor.files.items()
    assert (key.endswith(".csv"), body) == (True, b"sku,quantity\nMUG,5\n")


def test_nobody_is_asked_before_the_time() -> None:
    vendor = Vendor(pages({"sku": "A"}))
    vendor.pull()
    vendor.now += timedelta(minutes=59)
    assert vendor.pull() is None
    vendor.now += timedelta(minutes=1)
    assert vendor.pull() is not None
    assert len(vendor.asked) == 2


@pytest.mark.parametrize("by", [asked_for(None), asked_for(PAGES, active=False)])
def test_who_is_not_to_be_asked_is_not(by: FeedSource) -> None:
    vendor = Vendor(pages({"sku": "A"}))
    assert vendor.pull(by) is None
    assert vendor.asked == []


def test_of_two_at_once_one_asks() -> None:
    vendor = Vendor(pages({"sku": "A"}))
    first = vendor.load

    def load(name: str) -> PullState | None:
        found = first(name)
        vendor.save(PullState("wms", NOW))  # the other was faster
        return found

    vendor.load = load  # type: ignore[method-assign]
    vendor.state = PullState("wms", NOW)
    assert vendor.pull() is None
    assert vendor.asked == []


def test_what_fails_for_now_is_tried_again_after_a_while() -> None:
    vendor = Vendor(failing(TRIES - 1, pages({"sku": "A"}), Busy("no answer")))
    state = vendor.pull()
    assert state and state.failures == 0
    assert vendor.pauses == [1.0, 2.0, 4.0]


def test_a_part_of_an_answer_is_not_kept_when_it_is_tried_again() -> None:
    vendor = Vendor(pages({"sku": "A"}))
    whole = vendor.fetch

    def fetch(url: str, headers: Mapping[str, str], into: BinaryIO) -> Mapping[str, str]:
        if not vendor.pauses:
            into.write(b'{"data": {"ite')
            raise Busy("cut off")
        return whole(url, headers, into)

    vendor.fetch = fetch  # type: ignore[method-assign]
    state = vendor.pull()
    assert state and state.failures == 0


def test_a_source_that_is_down_is_asked_less_and_less_and_then_as_before() -> None:
    vendor = Vendor(failing(TRIES * 12, pages({"sku": "A"}), Busy("HTTP 503")))
    rests = []
    for number in range(12):
        state = vendor.pull(asked_for(replace(PAGES, every_minutes=5)))
        assert state and (state.failures, state.reason) == (number + 1, "HTTP 503")
        rests.append((state.next_at - vendor.now) / timedelta(minutes=1))
        vendor.now = state.next_at
    assert rests == [5, 5, 5, 10, 20, 40, 80, 160, 320, 360, 360, 360]
    assert timedelta(minutes=360) == LONGEST_REST
    state = vendor.pull()
    assert state and (state.failures, state.reason) == (0, "")


def test_a_source_that_is_asked_seldom_is_not_asked_more_often_when_it_fails() -> None:
    vendor = Vendor(failing(99, pages(), Busy("x")))
    for _ in range(5):
        state = vendor.pull(asked_for(replace(PAGES, every_minutes=1440)))
        assert state and state.next_at == vendor.now + timedelta(days=1)
        vendor.now = state.next_at


def test_what_is_refused_is_not_tried_again() -> None:
    vendor = Vendor(failing(1, pages({"sku": "A"}), Rejected("vendor answered HTTP 401")))
    state = vendor.pull()
    assert state and (state.failures, state.reason) == (1, "vendor answered HTTP 401")
    assert (len(vendor.asked), vendor.files) == (1, {})


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"data": {}}, "no list at data.items"),
        ({"data": {"items": {}}}, "no list at data.items"),
        (b"<html>", "not JSON"),
        ({"data": {"items": []}, "next": "https://evil.example/"}, "another host: evil.example"),
        ({"data": {"items": []}, "next": "http://vendor.example/x"}, "another host"),
        ({"data": {"items": []}, "next": URL}, "no end"),
    ],
)
def test_pages_that_are_not_what_was_described_drop_nothing(answer: object, told: str) -> None:
    vendor = Vendor(lambda url: (answer, {}))
    state = vendor.pull()
    assert state and told in state.reason
    assert vendor.files == {}


def test_the_next_page_may_be_behind_a_cursor() -> None:
    def answer(url: str) -> tuple[object, Mapping[str, str]]:
        cursor = {f"{URL}?limit=2": "a b", f"{URL}?limit=2&after=a+b": "c"}.get(url)
        return {"rows": [1], "page": {"cursor": cursor}}, {}

    how = Pull(f"{URL}?limit=2", 60, items="rows", following="page.cursor", cursor="after")
    vendor = Vendor(answer)
    vendor.pull(asked_for(how))
    assert vendor.asked[1:] == [f"{URL}?limit=2&after=a+b", f"{URL}?limit=2&after=c"]


def test_the_next_page_may_be_in_the_link_header() -> None:
    links = {
        URL: '</stock?p=0>; rel="prev", </stock?p=2>; title="x"; rel="next"',
        f"{URL}?p=2": "</stock?p=1>; rel=prev",
    }
    vendor = Vendor(lambda url: ([{"sku": url[-1]}], {"link": links[url]}))
    vendor.pull(asked_for(Pull(URL, 60, items=".")))
    assert vendor.asked == [URL, f"{URL}?p=2"]


def test_the_address_may_be_as_secret_as_the_key_in_it() -> None:
    vendor = Vendor(lambda url: ([], {}), Access({}, f"{URL}?key=1"))
    vendor.pull(asked_for(Pull(URL, 60, items=".")))
    assert vendor.asked == [f"{URL}?key=1"]


@given(st.text(max_size=60))
def test_no_link_header_breaks_a_pull(header: str) -> None:
    vendor = Vendor(lambda url: ([], {"link": header} if url == URL else {}))
    assert vendor.pull(asked_for(Pull(URL, 60, items="."))) is not None


def test_a_person_brings_the_time_forward() -> None:
    vendor = Vendor(failing(TRIES * 5, pages({"sku": "A"}), Busy("x")))
    by = asked_for(PAGES)
    for _ in range(5):
        state = vendor.pull(by)
        assert state
        vendor.now = state.next_at
    vendor.now -= timedelta(hours=1)
    assert vendor.pull(by) is None
    pull_now(by, vendor, lambda: vendor.now)
    found = vendor.pull(by)
    assert found and found.failures == 0
    with pytest.raises(IllegalTransition):
        pull_now(asked_for(None), vendor, lambda: NOW)


@pytest.fixture
def server() -> Iterator[str]:
    def answer(asked: Asked) -> Told:
        if asked.path == "/moved":
            return Told(302, None, {"Location": "/stock"})
        if asked.path == "/cut":
            return Told(200, [1], {"Content-Length": "4000"})
        status = int(asked.path[1:]) if asked.path[1:].isdigit() else 200
        return Told(status, {"key": asked.headers.get("x-key")}, {"X-More": "1"})

    with listening(answer) as url:
        yield url


def test_a_download_brings_bytes_and_headers(server: str) -> None:
    with tempfile.TemporaryFile() as file:
        headers = download(f"{server}/stock", {"X-Key": "k"}, file)
        file.seek(0)
        assert (json.load(file), headers["x-more"]) == ({"key": "k"}, "1")


@pytest.mark.parametrize(
    ("path", "error"),
    [("500", Busy), ("429", Busy), ("cut", Busy), ("401", Rejected), ("moved", Rejected)],
)
def test_a_download_that_fails_says_whether_it_may_come_later(
    server: str, path: str, error: type[Exception]
) -> None:
    with tempfile.TemporaryFile() as file, pytest.raises(error):
        download(f"{server}/{path}", {}, file)


def test_a_download_in_the_clear_is_refused() -> None:
    with tempfile.TemporaryFile() as file, pytest.raises(Rejected):
        download("http://vendor.example/", {}, file)
