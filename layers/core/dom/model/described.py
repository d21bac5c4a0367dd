"""Describe something by its name: a control, a policy; from now on it is as described."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol, TypeVar

from dom.errors import Busy
from dom.model.control import Control
from dom.model.partner import Partner
from dom.model.rebalancing import RebalancingTerms
from dom.model.safety_policy import SafetyPolicy
from dom.model.supplier import Supplier

ATTEMPTS = 6
# What people describe by a name.
Thing = TypeVar("Thing", Control, Partner, RebalancingTerms, SafetyPolicy, Supplier)


class Described(Protocol[Thing]):
    """Controls of what is sold, policies of safety stock, terms of rebalancing, suppliers,
    or partners.
    """

    def find(self, name: str) -> Thing | None:
        """The one of that name, read consistently, or None."""

    def save(self, wanted: Thing, previous: Thing | None) -> bool:
        """Store it if what is stored is still `previous`; False if not."""


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
