"""What the stage needs from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from dom.model.clock import Clock
from dom.model.rules import RuleSet
from dom.sourcing.network import Network


class Stock(Protocol):
    """Availability documents: one for each SKU, whatever the number of locations."""

    def availability(self, skus: Iterable[str]) -> dict[str, dict[str, int]]:
        """Available units by location, for each SKU; one batch read."""


class State(Protocol):
    """What changes of a location by the minute."""

    @property
    def open(self) -> bool:
        """Whether it takes work right now."""

    def left_on(self, day: date) -> int | None:
        """FulfillmentOrders it still takes on that local day; None: unbounded."""


class Places(Protocol):
    """The network and its state: routing's own, so that a promise is what routing will find."""

    def network(self, known: Iterable[str] = ()) -> Network:
        """The network, at most some seconds old, and never without the `known` locations."""

    def states(self, location_ids: Iterable[str]) -> Mapping[str, State]:
        """The states that exist among these locations."""


@dataclass(frozen=True, slots=True)
class Promising:
    """Ports of promises and ATS. `rules` are the rules that routing has."""

    stock: Stock
    places: Places
    clock: Clock
    rules: RuleSet
