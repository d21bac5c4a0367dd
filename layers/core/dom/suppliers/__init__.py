"""Ways to tell suppliers what to ship: one file for each, registered here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dom.model.supplier import Supplier, Transport
from dom.suppliers import file, mail, webhook, x12
from dom.suppliers.port import Outside, SupplierPort

TRANSPORTS: Mapping[Transport, Callable[[Supplier, Outside], SupplierPort]] = {
    Transport.WEBHOOK: webhook.Webhook,
    Transport.EMAIL: mail.Mail,
    Transport.FILE: file.File,
    Transport.X12: x12.X12,
}
