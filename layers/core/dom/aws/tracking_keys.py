"""The key that links to tracking pages are signed with, from Secrets Manager.

After a rotation there, links of the version before stay good.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dom.aws.secrets import read_secret
from dom.errors import Busy
from dom.model.tracking_link import signed

SECONDS_FRESH = 300.0
_CURRENT, _PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"


@dataclass(slots=True)
class TrackingKeys:
    """The secret's current and previous value, each at most five minutes old once it is needed."""

    client: Any
    secret_id: str
    seconds: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[str, float]] = field(default_factory=dict)

    def current(self) -> str:
        """What new links are signed with. Busy: it cannot be read now."""
        found = self._value(_CURRENT)
        if not found:
            raise Busy("there is no key for tracking links")
        return found

    def all(self) -> tuple[str, ...]:
        """What links may be signed with, the current one first. Busy: they cannot be read now."""
        return tuple(filter(None, (self.current(), self._value(_PREVIOUS))))

    def _value(self, stage: str) -> str:
        """That version, "" if there is none (it was never rotated). While it cannot be read again,
        the one that was read last.
        """
        known, read_at = self._known.get(stage, ("", float("-inf")))
        if self.seconds() - read_at > SECONDS_FRESH:
            try:
                known = read_secret(self.client, self.secret_id, VersionStage=stage) or ""
            except Busy:
                if stage not in self._known:
                    raise
            self._known[stage] = known, self.seconds()
        return known


@dataclass(frozen=True, slots=True)
class TrackingLinks:
    """The addresses of tracking pages, which begin with `url`."""

    keys: TrackingKeys
    url: str

    def __call__(self, order_id: str) -> str:
        """The address of an order's page. Busy: not now."""
        return self.url + signed(order_id, self.keys.current())
