"""Stand-ins of other people's systems, behind HTTP on this machine: for tests and the demo."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar


@dataclass(frozen=True)
class Asked:
    """A request: its path with the query, headers by lower-case name, the body's JSON (or text)."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class Told:
    """The answer to it."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class StandIn(ABC):
    """Somebody's system. `failures`: HTTP statuses to answer instead; `lost`: so many changes are
    made and answered 502; `url`: where it listens.
    """

    failures: list[int] = field(default_factory=list)
    lost: int = 0
    url: str = ""

    @abstractmethod
    def serve(self, asked: Asked) -> Told:
        """What it answers while nothing is wrong with it."""

    def answer(self, asked: Asked) -> Told:
        """The answer to a request."""
        return Told(self.failures.pop(0), {}) if self.failures else self.serve(asked)

    def changed(self, body: Any, status: int = 200) -> Told:
        """The answer to a change, which may get lost."""
        if self.lost:
            self.lost -= 1
            return Told(502, {})
        return Told(status, body)


S = TypeVar("S", bound=StandIn)


def _read(body: bytes) -> Any:
    """As JSON; what is none (a form, a document) as text."""
    try:
        return json.loads(body or b"null")
    except ValueError:
        return body.decode()


@contextmanager
def listening(answer: Callable[[Asked], Told]) -> Iterator[str]:
    """The address at which requests are answered until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = _read(self.rfile.read(length))
            headers = {name.lower(): value for name, value in self.headers.items()}
            told = answer(Asked(self.command, self.path, headers, body))
            self.send_response(told.status)
            self.send_header("Content-Type", "application/json")
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if told.status != 204:  # which has no body
                self.wfile.write(json.dumps(told.body).encode())

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def serving(here: S) -> Iterator[S]:
    """It listens on a free port of this machine, at its `url`, until the block ends."""
    with listening(here.answer) as here.url:
        yield here
