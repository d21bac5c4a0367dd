"""Which accounts show our stock."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from dom.errors import Busy
from dom.model.outlet import Outlet

ATTEMPTS = 6


class Outlets(Protocol):
    """The stored outlets."""

    def find(self, channel: str, account: str) -> Outlet | None:
        """The outlet, read consistently, or None."""

    def save(self, outlet: Outlet, previous: Outlet | None) -> bool:
        """Store it if what is stored is still `previous`; False if not."""


def put_outlet(wanted: Outlet, outlets: Outlets) -> tuple[Outlet, bool]:
    """Store the outlet as described; it with its version, and whether anything changed.

    The last writer wins. Busy after six conflicts.
    """
    for _ in range(ATTEMPTS):
        previous = outlets.find(wanted.channel, wanted.account)
        if previous == wanted and previous is not None:
            return previous, False
        outlet = replace(wanted, version=previous.version + 1 if previous else 1)
        if outlets.save(outlet, previous):
            return outlet, True
    raise Busy(f"{wanted.channel}/{wanted.account} keeps changing")
