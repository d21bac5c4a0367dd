"""Who fails several times in a row rests, so that it costs its neighbors no time.

This is the circuit breaker of everything that is sent to others: closed, open for a while, and
then open for one try that decides for how long it is open next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

# Failures that are their own bad luck, before all that goes there rests, and for how long.
_FREE = 2
_REST, _LONGEST = timedelta(seconds=10), timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Health:
    """How often it has failed in a row, and until when nothing is sent there (None: it may be)."""

    failures: int = 0
    resting_until: datetime | None = None


WELL = Health()


class Rests(Protocol):
    """The health of accounts at others, by name."""

    def health(self, name: str) -> Health:
        """As known; `WELL` if it never failed."""

    def failed(self, name: str, known: Health, then: Health) -> None:
        """Note the health then, unless somebody else noted another since: failures that happen side
        by side are one.
        """

    def recovered(self, name: str) -> None:
        """It answers again."""


def rest_after(failures: int, asked: timedelta = timedelta()) -> timedelta:
    """For how long nothing is sent there after so many failures in a row: twice as long each time,
    and as long as it `asked` for.
    """
    beyond = failures - _FREE
    own = min(_REST * float(2 ** min(beyond - 1, 10)), _LONGEST) if beyond > 0 else timedelta()
    return max(own, asked)
