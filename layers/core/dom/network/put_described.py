"""Describe something by its name: a control, a policy; from now on it is as described."""

from __future__ import annotations

from dataclasses import replace

from dom.errors import Busy
from dom.network.ports import Described, Thing

ATTEMPTS = 6


def put_described(wanted: Thing, store: Described[Thing]) -> tuple[Thing, bool]:
    """Store it as described; it with its version, and whether anything changed.

    The whole description is replaced: the last writer wins. Busy after six conflicts.
    """
    for _ in range(ATTEMPTS):
        previous = store.find(wanted.id)
        if previous is not None and previous == wanted:
            return previous, False
        made = replace(wanted, version=previous.version + 1 if previous else 1)
        if store.save(made, previous):
            return made, True
    raise Busy(f"{wanted.id} keeps changing")
