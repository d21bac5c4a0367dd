"""Prices of one moment, shared by all demands of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dom.model.order import Method
from dom.model.rules import RuleSet
from dom.sourcing.network import Network
from dom.sourcing.pricing import Group, groups


class PriceBook:
    """A network under a rule set at an instant. Keeps the price groups it has worked out.

    `lifted`: fences, by their reason, that do not count for these locations: for asking what if.
    """

    def __init__(
        self,
        network: Network,
        rules: RuleSet,
        now: datetime,
        lifted: Mapping[str, int] | None = None,
    ) -> None:
        self.network = network
        self.rules = rules
        self.now = now
        self.lifted = lifted or {}
        self._groups: dict[tuple[Method, str], tuple[Group, ...]] = {}

    def groups(self, method: Method, country: str) -> tuple[Group, ...]:
        """Price groups for a delivery method to a country."""
        key = (method, country.upper())
        if key not in self._groups:
            self._groups[key] = groups(self.network, self.rules, self.now, *key)
        return self._groups[key]
