"""`dom.returns.ports.Notes`: what people write into returns, sealed with the key of the order.

It is text again, in the same place: whoever writes the return anew need not open it.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass

from dom.aws.data_keys import DataKeys
from dom.aws.sealing import NotAsSealed, opened, seal

MARK = "sealed:"


@dataclass(frozen=True, slots=True)
class SealedNotes:
    """Notes of the returns of orders. `data_keys`: for whoever takes or shows them."""

    data_keys: DataKeys | None

    def seal(self, order_id: str, text: str) -> str:
        """See the port."""
        if not text:
            return ""
        if not self.data_keys:
            raise ValueError("these notes have no keys")
        key = self.data_keys.stored(order_id)
        return MARK + b64encode(seal(key.plain, text.encode(), _name(order_id))).decode()

    def read(self, order_id: str, note: str) -> str:
        """What was written; "" once the customer is forgotten. Notes from before there were keys
        are read as they are. Busy: not now.
        """
        if not note.startswith(MARK) or not self.data_keys:
            return note
        key = self.data_keys.of(order_id)
        try:
            sealed = b64decode(note.removeprefix(MARK))
            return opened(key.plain, sealed, _name(order_id)).decode() if key else ""
        except (NotAsSealed, ValueError):
            # Its key was deleted, and the order got another one since.
            return ""


def _name(order_id: str) -> str:
    return f"{order_id}/RETURN/note"
