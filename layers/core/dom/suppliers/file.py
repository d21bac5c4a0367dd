"""Messages to suppliers as files: one CSV each, under the location's name."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from dom.model.supplier import Supplier
from dom.suppliers.port import Outside, SupplierMessage
from dom.suppliers.render import as_csv


@dataclass(frozen=True, slots=True)
class File:
    """See `SupplierPort`; a file that is written again is the same file."""

    supplier: Supplier
    outside: Outside

    def send(self, message: SupplierMessage) -> None:
        """See the port."""
        self.outside.put(f"{quote(self.supplier.id, safe='')}/{message.id}.csv", as_csv(message))
