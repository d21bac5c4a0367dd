"""Messages to suppliers as signed requests: the message as JSON, any 2xx means taken."""

from __future__ import annotations

from dataclasses import dataclass

from dom.http.signed import post_signed
from dom.model.supplier import Supplier
from dom.suppliers.port import Outside, SupplierMessage
from dom.suppliers.render import as_json


@dataclass(frozen=True, slots=True)
class Webhook:
    """See `SupplierPort`; the supplier drops what has an `Idempotency-Key` that it knows."""

    supplier: Supplier
    outside: Outside

    def send(self, message: SupplierMessage) -> None:
        """See the port."""
        to = self.outside.endpoint(self.supplier.id, self.supplier.address)
        post_signed(to.url, as_json(message), message.id, to.key)
