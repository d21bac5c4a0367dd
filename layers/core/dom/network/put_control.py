"""Describe a control: what of the stock is not sold from now on."""

from __future__ import annotations

from dataclasses import replace

from dom.errors import Busy
from dom.model.control import Control
from dom.network.ports import ControlStore

ATTEMPTS = 6


def put_control(wanted: Control, store: ControlStore) -> tuple[Control, bool]:
    """Store the control as described; it with its version, and whether anything changed.

    The whole description is replaced: the last writer wins. Busy after six conflicts.
    """
    for _ in range(ATTEMPTS):
        previous = store.find(wanted.id)
        if previous is not None and previous == wanted:
            return previous, False
        control = replace(wanted, version=previous.version + 1 if previous else 1)
        if store.save(control, previous):
            return control, True
    raise Busy(f"control {wanted.id} keeps changing")
