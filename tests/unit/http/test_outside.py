"""Requests to addresses that strangers name: never inside, never for long, never elsewhere."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from dom.errors import Busy, Rejected
from dom.http import outside
from dom.http.outside import is_public, names_inside, post

from tools.stand_in import Asked, Told, listening

INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1",  # noqa: S104
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
    "::ffff:169.254.169.254", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
]  # fmt: skip
OUTSIDE = ["8.8.8.8", "93.184.215.14", "2606:4700:4700::1111"]


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_that_only_we_can_reach_are_not_public(address: str) -> None:
    assert not is_public(address)
    assert names_inside(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_addresses_of_the_internet_are(address: str) -> None:
    assert is_public(address)
    assert not names_inside(address)


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST.", "a.localhost", "intranet", "x.internal", "nas.local", "2130706433",
     "0x7f.1", "0177.0.0.1", "127.1", "169.254.43518"],
)  # fmt: skip
def test_names_that_spell_something_inside_are_known_before_they_are_resolved(host: str) -> None:
    assert names_inside(host)


def test_a_name_of_the_internet_may_be_asked() -> None:
    assert not names_inside("hooks.example.com")


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_resolves_to_something_inside_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    resolves_to(monkeypatch, "93.184.215.14", address)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("asked"))
    with pytest.raises(Rejected, match="not on the Internet"):
        post("https://hooks.example.com/x", b"{}", {})


def test_a_connection_goes_to_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolves_to(monkeypatch, "93.184.215.14")
    asked: list[Any] = []

    def connect(address: Any, timeout: float) -> socket.socket:
        asked.append((address, timeout))
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Busy):
        post("https://hooks.example.com:8443/x", b"{}", {})
    assert asked == [(("93.184.215.14", 8443), outside.SECONDS)]


def resolves_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    found = [(0, 0, 0, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


def test_only_our_own_people_may_name_something_inside() -> None:
    with listening(lambda _: Told(204, {})) as url:
        with pytest.raises(Rejected):
            post(url, b"{}", {})
        assert post(url, b"{}", {}, trusted=True).status == 204


def test_in_the_clear_nothing_is_sent_to_others() -> None:
    with pytest.raises(Rejected, match="https"):
        post("http://hooks.example.com/x", b"{}", {}, trusted=True)


def test_a_redirect_is_an_answer_and_the_path_is_what_was_named() -> None:
    asked: list[Asked] = []

    def answer(one: Asked) -> Told:
        asked.append(one)
        return Told(302, {}, {"Location": "http://169.254.169.254/", "Retry-After": "7"})

    with listening(answer) as url:
        reply = post(f"{url}/a/b?c=d", b'{"e":1}', {"X-A": "b"}, trusted=True)
    assert (reply.status, reply.headers["retry-after"], reply.body) == (302, "7", b"")
    (one,) = asked
    assert (one.method, one.path, one.body, one.headers["x-a"]) == (
        "POST",
        "/a/b?c=d",
        {"e": 1},
        "b",
    )


@contextmanager
def dripping(first: bytes, then: bytes) -> Iterator[str]:
    """Somebody who says a bit every now and then, and never all of it."""
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        try:
            connection, _ = server.accept()
            with connection:
                connection.sendall(first)
                while not over.wait(0.05):
                    connection.sendall(then)
        except OSError:
            pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
    finally:
        over.set()
        server.close()
        thread.join(2)


@pytest.mark.parametrize(
    ("first", "then"),
    [(b"", b""), (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), (b"HTTP/1.1 20", b"0")],
    ids=["nothing", "headers", "status"],
)
def test_who_hangs_or_drips_is_left_when_its_time_is_over(
    monkeypatch: pytest.MonkeyPatch, first: bytes, then: bytes
) -> None:
    monkeypatch.setattr(outside, "SECONDS", 0.4)
    began = time.monotonic()
    with dripping(first, then) as url, pytest.raises(Busy):
        post(url, b"{}", {}, trusted=True)
    assert time.monotonic() - began < 3


def test_a_body_without_an_end_is_not_read() -> None:
    with dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 1000) as url:
        assert post(url, b"{}", {}, trusted=True).status == 200
