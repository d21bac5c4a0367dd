"""The stand-in behind HTTP on this machine."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from tools.carrier_stand_in.carrier import CarrierStandIn

LABEL = b"%PDF-1.4 a label\n%%EOF\n"


@contextmanager
def carrier_stand_in() -> Iterator[CarrierStandIn]:
    """One that listens on a free port of this machine until the block ends."""
    carrier = CarrierStandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            self._tell(*carrier.post(unquote(self.path), self._key(), body))

        def do_GET(self) -> None:
            if self.path.startswith("/labels/"):
                self._answer(200, LABEL, "application/pdf")
            else:
                self._tell(*carrier.get(unquote(self.path), self._key()))

        def _key(self) -> str:
            """The key is the user's name, without a password."""
            given = self.headers.get("Authorization", "").removeprefix("Basic ")
            return base64.b64decode(given).decode().removesuffix(":")

        def _tell(self, status: int, answer: object) -> None:
            self._answer(status, json.dumps(answer).encode(), "application/json")

        def _answer(self, status: int, body: bytes, content_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    carrier.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield carrier
    finally:
        server.shutdown()
        server.server_close()
