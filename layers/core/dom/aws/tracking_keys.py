"""The key that links to tracking pages are signed with, from Secrets Manager.

After a rotation there, links of the version before stay good.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.errors import Busy
from dom.model.tracking_link import signed

SECONDS_FRESH = 300.0
_STAGES = ("AWSCURRENT", "AWSPREVIOUS")


@dataclass(slots=True)
class TrackingKeys:
    """The secret's current and previous value, at most five minutes old."""

    client: Any
    secret_id: str
    seconds: Callable[[], float] = time.monotonic
    _known: tuple[str, ...] = ()
    _read_at: float = field(default=float("-inf"))

    def current(self) -> str:
        """What new links are signed with. Busy: it cannot be read now."""
        return self.all()[0]

    def all(self) -> tuple[str, ...]:
        """What links may be signed with, the current one first. Busy: they cannot be read now."""
        if self.seconds() - self._read_at > SECONDS_FRESH:
            read = [self._value(stage) for stage in _STAGES]
            self._known, self._read_at = tuple(filter(None, read)), self.seconds()
        if not self._known:
            raise Busy("there is no key for tracking links")
        return self._known

    def _value(self, stage: str) -> str:
        try:
            answer = self.client.get_secret_value(SecretId=self.secret_id, VersionStage=stage)
        except self.client.exceptions.ResourceNotFoundException:
            return ""  # it was never rotated
        except (BotoCoreError, ClientError) as error:
            if self._known:
                return self._known[0] if stage == _STAGES[0] else self._known[-1]
            raise Busy(f"the key could not be read: {type(error).__name__}") from error
        return str(answer["SecretString"])


@dataclass(frozen=True, slots=True)
class TrackingLinks:
    """The addresses of tracking pages, which begin with `url`."""

    keys: TrackingKeys
    url: str

    def __call__(self, order_id: str) -> str:
        """The address of an order's page. Busy: not now."""
        return self.url + signed(order_id, self.keys.current())
