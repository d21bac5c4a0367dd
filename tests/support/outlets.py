"""Publishing stock in memory: what may be sold, a channel that sells, and time that passes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dom.inventory.publish.ports import Publishing
from dom.inventory.publish.publish import Published, publish
from dom.inventory.publish.reconcile import Page, reconcile
from dom.model.ids import Sku
from dom.model.outlet import Listing, Outlet, Shown, Wish
from support.builders import NOW

OUTLET = Outlet("shopify", "acme", "7")
SETTLE = timedelta(seconds=15)


@dataclass
class FakeShelf:
    """What the channel shows by item; `names`: the SKU of each.

    `sold`: what buyers take before the next change.
    """

    names: dict[str, str] = field(default_factory=dict)
    shown: dict[str, int] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    sold: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    searches: int = 0
    per_page: int = 2

    def find(self, skus: Iterable[Sku]) -> Mapping[Sku, Sequence[str]]:
        self.searches += 1
        wanted = set(skus)
        found: dict[Sku, list[str]] = {}
        for item, name in self.names.items():
            if name in wanted and item not in self.gone:
                found.setdefault(Sku(name), []).append(item)
        return found

    def look(self, items: Sequence[str]) -> Mapping[str, int | None]:
        return {item: self.shown.get(item) for item in items}

    def show(self, wishes: Sequence[Wish]) -> Mapping[str, str]:
        while self.sold:
            self.shown[self.sold.pop()] -= 1
        refused = {}
        for wish in wishes:
            self.order.append(wish.item)
            if wish.item in self.gone:
                refused[wish.item] = "gone"
            elif self.shown[wish.item] != wish.seen:
                refused[wish.item] = ""
            else:
                self.shown[wish.item] = wish.units
        return refused

    def page(self, cursor: str) -> tuple[Sequence[Shown], str]:
        items = sorted(self.shown)
        start = int(cursor or 0)
        end = start + self.per_page
        page = [Shown(one, self.names[one], self.shown[one]) for one in items[start:end]]
        return page, str(end) if end < len(items) else ""


@dataclass
class Till:
    """One outlet, what may be sold, and a clock that the test moves."""

    shelf: FakeShelf = field(default_factory=FakeShelf)
    sellable: dict[str, int] = field(default_factory=dict)
    listings: dict[str, Listing] = field(default_factory=dict)
    kits: dict[Sku, list[Sku]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    now: datetime = NOW

    def stocks(self, sku: str, shown: int, units: int | None = None) -> None:
        """The channel shows so many of a SKU; as many (or `units`) may be sold."""
        item = f"i-{sku}"
        self.shelf.names[item], self.shelf.shown[item] = sku, shown
        self.sellable[sku] = shown if units is None else units

    def publish(self, *skus: str) -> Published:
        return publish([Sku(sku) for sku in skus], OUTLET, self._ports())

    def reconcile(self, cursor: str = "") -> Page:
        return reconcile(OUTLET, cursor, self._ports())

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def _ports(self) -> Publishing:
        return Publishing(
            lambda outlet: self.shelf, self, self, lambda: self.now, SETTLE, self._count
        )

    def _count(self, name: str, units: int) -> None:
        self.counts[name] += units

    def known(self, skus: Iterable[Sku]) -> set[Sku]:
        return {sku for sku in skus if sku in self.sellable}

    def units(self, sku: Sku, channel: str) -> int:
        assert channel == OUTLET.channel
        return self.sellable[sku]

    def kits_of(self, skus: Iterable[Sku]) -> Mapping[Sku, Sequence[Sku]]:
        return {sku: self.kits[sku] for sku in skus if sku in self.kits}

    def load(self, outlet: Outlet, skus: Iterable[Sku]) -> Mapping[Sku, Listing]:
        return {sku: self.listings[sku] for sku in skus if sku in self.listings}

    def save(self, listings: Iterable[Listing]) -> None:
        self.listings |= {one.sku: one for one in listings}
