"""The key that recipients are marked with (`dom.model.recipient`), from Secrets Manager.

Orders are taken without it: their work is not merged, which costs a parcel and loses nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dom.aws.secrets import read_secret
from dom.errors import Busy

SECONDS_FRESH = 300.0


@dataclass(slots=True)
class RecipientKey:
    """The secret's current value, at most five minutes old; "" without a secret.

    `failed` is told why it cannot be read; meanwhile the last one that was read stays good.
    """

    client: Any
    secret_id: str
    failed: Callable[[Exception], None] = lambda error: None
    seconds: Callable[[], float] = time.monotonic
    _known: str = ""
    _read_at: float = float("-inf")

    def __call__(self) -> str:
        """The key. Where it cannot be read it is not asked for again at once, either."""
        if self.secret_id and self.seconds() - self._read_at > SECONDS_FRESH:
            self._read_at = self.seconds()
            try:
                self._known = read_secret(self.client, self.secret_id) or ""
            except Busy as error:
                self.failed(error)
        return self._known
