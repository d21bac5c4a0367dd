"""A stand-in for what shops run: Shopify's Admin API as refunds use it, and a refund receiver.

For tests and the demo. It answers as https://shopify.dev describes: GraphQL with HTTP 200,
`userErrors` for what it refuses, the same answer for the same idempotency key.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


@dataclass
class ShopStandIn:
    """What it knows: payments by order gid, refunds made, and requests received.

    `failures`: HTTP statuses to answer instead, one for each request, before anything is done;
    `lost`: so many refunds are carried out and answered 502.
    """

    paid: dict[str, str] = field(default_factory=dict)
    refunds: list[Json] = field(default_factory=list)
    received: list[Json] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    lost: int = 0
    url: str = ""
    _by_key: dict[str, Json] = field(default_factory=dict)

    def answer(self, path: str, headers: Mapping[str, str], body: Json) -> tuple[int, Json]:
        """Status and body of a request."""
        if self.failures:
            return self.failures.pop(0), {}
        if not path.endswith("/graphql.json"):
            return self._receive(headers, body)
        if not headers.get("x-shopify-access-token"):
            return 401, {"errors": "[API] Invalid API key or access token"}
        if "refundCreate" not in body["query"]:
            return 200, {"data": {"order": self._order(body["variables"]["id"])}}
        made = self._refund(body["variables"])
        if self.lost:
            self.lost -= 1
            return 502, {}
        return 200, {"data": {"refundCreate": made}}

    def _receive(self, headers: Mapping[str, str], body: Json) -> tuple[int, Json]:
        key = headers.get("idempotency-key", "")
        if key not in self._by_key:
            self._by_key[key] = {"reference": f"paid-{len(self._by_key) + 1}"}
            self.received.append({"headers": dict(headers), "body": body})
        if self.lost:
            self.lost -= 1
            return 502, {}
        return 200, self._by_key[key]

    def _order(self, gid: str) -> Json | None:
        if gid not in self.paid:
            return None
        sale = _transaction(f"{gid}/sale", "SALE", self.paid[gid])
        back = [
            {**_transaction(one["id"], "REFUND", one["amount"]), "parentTransaction": sale}
            for one in self.refunds
            if one["order"] == gid
        ]
        made = [
            {"id": one["id"], "note": one["note"]} for one in self.refunds if one["order"] == gid
        ]
        return {"refunds": made, "transactions": [sale, *back]}

    def _refund(self, variables: Json) -> Json:
        told, key = variables["input"], variables["key"]
        if key in self._by_key:
            return self._by_key[key]
        parts = told.get("transactions", [])
        amount = sum((Decimal(one["amount"]) for one in parts), Decimal(0))
        left = Decimal(self.paid[told["orderId"]]) - sum(
            (Decimal(one["amount"]) for one in self.refunds if one["order"] == told["orderId"]),
            Decimal(0),
        )
        if amount > left:
            error = {"field": ["transactions"], "message": "Refund amount exceeds what was paid"}
            return {"refund": None, "userErrors": [error]}
        number = f"gid://shopify/Refund/{len(self.refunds) + 1}"
        made = {"id": number, "order": told["orderId"], "note": told["note"], "input": told}
        self.refunds.append({**made, "amount": str(amount)})
        self._by_key[key] = {"refund": {"id": number}, "userErrors": []}
        return self._by_key[key]


def _transaction(gid: str, kind: str, amount: str) -> Json:
    money = {"shopMoney": {"amount": amount}}
    known = {"id": gid, "kind": kind, "status": "SUCCESS", "gateway": "bogus"}
    return {**known, "amountSet": money, "parentTransaction": None}


@contextmanager
def shop_stand_in() -> Iterator[ShopStandIn]:
    """One that listens on a free port of this machine until the block ends."""
    shop = ShopStandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer = shop.answer(self.path, headers, body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield shop
    finally:
        server.shutdown()
        server.server_close()
