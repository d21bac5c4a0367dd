"""Requests to addresses that callers of our API name: never to where only we can reach.

A name is resolved once, each of its addresses is looked at, and the connection goes to one that was
looked at: a name that is resolved anew, to another address, gains nothing.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event, Timer
from urllib.parse import SplitResult, urlsplit

from dom.errors import Rejected
from dom.http.client import Reply, no_answer, require_https

# From the connection to the last header, however slowly these come.
SECONDS = 5.0
# IPv6 addresses that hold an IPv4 one: mapped, compatible and NAT64; 6to4.
_HOLD_ANOTHER = (ipaddress.IPv6Network("::/8"), ipaddress.IPv6Network("2002::/16"))


def post(url: str, body: bytes, headers: Mapping[str, str], trusted: bool = False) -> Reply:
    """What is answered, of any status, without its body, which is not read; redirects are answers.

    `trusted`: an address of our own people's, which may be inside. Rejected: the address may not be
    asked. Busy: no answer within five seconds.
    """
    host = require_https(url)
    parts = urlsplit(url)
    try:
        address = _address(host, parts.port or _usual_port(parts), trusted)
        return _ask(parts, address, body, headers)
    # A malformed port or name is a ValueError.
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise no_answer(host, error) from None


def is_public(address: str) -> bool:
    """Whether an IP address is one of the Internet at large."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if any(found in network for network in _HOLD_ANOTHER):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved)


def names_inside(host: str) -> bool:
    """Whether a host's name alone says that it is not on the Internet: private addresses in any
    spelling, and names that only mean something inside. What other names mean is seen when a
    connection is made.
    """
    name = host.rstrip(".").lower()
    if (literal := _literal(name)) is not None:
        return not is_public(literal)
    return "." not in name or name.endswith((".localhost", ".local", ".internal", ".home.arpa"))


def _literal(name: str) -> str | None:
    """The address that a host's name spells (also 2130706433, 0x7f.1); None: it is a name."""
    try:
        return str(ipaddress.ip_address(name.partition("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(name))
    except (OSError, ValueError):
        return None


def _usual_port(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80


def _address(host: str, port: int, trusted: bool) -> tuple[str, int]:
    """Where to connect to. One address inside is enough to refuse them all."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    if not trusted and not all(is_public(one) for one in addresses):
        raise Rejected(f"{host} is not on the Internet")
    return addresses[0], port


def _ask(
    parts: SplitResult, address: tuple[str, int], body: bytes, headers: Mapping[str, str]
) -> Reply:
    connection = http.client.HTTPConnection(parts.netloc, timeout=SECONDS)
    with _connected(parts, address) as connection.sock:
        path = parts._replace(scheme="", netloc="", fragment="").geturl()
        connection.request("POST", path or "/", body, {**headers, "Connection": "close"})
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, b"", told)


@contextmanager
def _connected(parts: SplitResult, address: tuple[str, int]) -> Iterator[socket.socket]:
    """A connection that ends when its time is over, also while something comes bit by bit."""
    made = socket.create_connection(address, timeout=SECONDS)
    if parts.scheme == "https":
        made = ssl.create_default_context().wrap_socket(
            made, server_hostname=parts.hostname, do_handshake_on_connect=False
        )
    ended = Event()
    over = Timer(SECONDS, _end, [made, ended])
    over.daemon = True
    over.start()
    try:
        with made:
            if isinstance(made, ssl.SSLSocket):
                made.do_handshake()
            yield made
    finally:
        over.cancel()
    if ended.is_set():  # what looked like the end of its headers
        raise TimeoutError


def _end(connection: socket.socket, ended: Event) -> None:
    """Whoever waits for it waits no longer; not by way of TLS, which would wait, too."""
    ended.set()
    with suppress(OSError):  # it has ended already
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
