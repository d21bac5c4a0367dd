"""A stand-in of a supplier that hears of its purchase orders by signed request."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from dom.http.signed import signature

from tools.stand_in import Asked, StandIn, Told, serving

Json = dict[str, Any]


@dataclass
class SupplierStandIn(StandIn):
    """`taken`: what came first under each `Idempotency-Key`, in order; `repeats`: how often
    something came again. The same key for something else is refused, and so is a wrong signature.
    """

    secret: str = "acme-secret"
    taken: dict[str, Json] = field(default_factory=dict)
    repeats: int = 0

    def serve(self, asked: Asked) -> Told:
        """See the base."""
        if not self._is_signed(asked):
            return Told(401, {"error": "the signature is wrong"})
        key = asked.headers["idempotency-key"]
        if key in self.taken:
            self.repeats += 1
            return Told(200 if self.taken[key] == asked.body else 422, {})
        self.taken[key] = asked.body
        return self.changed({}, 202)

    def units(self, number: str) -> dict[str, int]:
        """What it still is to ship of a purchase order, by SKU."""
        units: dict[str, int] = {}
        for message in self.taken.values():
            sign = {"order": 1, "cancel": -1}.get(message["type"], 0)
            for line in message["lines"] if message["purchase_order"] == number else ():
                units[line["sku"]] = units.get(line["sku"], 0) + sign * line["quantity"]
        return {sku: number for sku, number in units.items() if number}

    def _is_signed(self, asked: Asked) -> bool:
        told = asked.headers
        body = json.dumps(asked.body, ensure_ascii=False, separators=(",", ":")).encode()
        made = signature(self.secret, told["webhook-id"], told["webhook-timestamp"], body)
        return told["webhook-signature"] == f"v1,{made}"


def supplier_stand_in() -> AbstractContextManager[SupplierStandIn]:
    """One that listens until the block ends."""
    return serving(SupplierStandIn())
