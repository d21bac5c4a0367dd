"""Access tokens of vendors' APIs, kept while they are fresh."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tokens:
    """Tokens by what they were asked with, each for `seconds`."""

    seconds: float
    clock: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[str, float]] = field(default_factory=dict)

    def get(self, key: str, ask: Callable[[], str]) -> str:
        """The token; asked for if there is none that is fresh."""
        found, now = self._known.get(key), self.clock()
        if found and now - found[1] < self.seconds:
            return found[0]
        token = ask()
        self._known[key] = (token, now)
        return token
