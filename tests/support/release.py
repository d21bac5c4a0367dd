"""A shop that routes orders of a product that is sold before its release."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from dom.model.commit import Commit
from dom.model.ids import Sku
from dom.model.location import Location
from dom.model.order import Bucket, Order
from dom.model.product import Product
from dom.model.rules import RuleSet
from dom.routing.ports import Routing
from dom.routing.route import route
from support.builders import BOSTON, NOW, RENO, line, location, order
from support.fakes import FakeLedger, FakePlaces, frozen

GAME, MUG = Sku("GAME"), Sku("MUG")
DAY = date(2026, 3, 20)
WEST, EAST = "America/Los_Angeles", "America/New_York"
PLACES = (location("RENO", RENO), location("BOSTON", BOSTON, timezone=EAST))


class Shop:
    """A ledger whose clock can be set, with a product that is sold ahead."""

    def __init__(
        self,
        day: date | None = DAY,
        rules: RuleSet | None = None,
        places: tuple[Location, ...] = PLACES,
    ) -> None:
        self.ledger, self.now, self.rules = FakeLedger(), NOW, rules or RuleSet()
        self.places = places
        self.ledger.open(*places)
        self.releases(day)

    def releases(self, day: date | None) -> None:
        self.ledger.products[GAME] = Product(GAME, releases_on=day)

    def order(self, name: str = "ord_a") -> Order:
        return self.ledger.orders[name]

    def place(self, name: str, *wanted: tuple[str, int], age: int = 0, **rest: Any) -> None:
        lines = [line(str(n), sku, units) for n, (sku, units) in enumerate(wanted)]
        made = order(name, *lines, version=0)
        made = replace(made, placed_at=NOW - timedelta(hours=age), **rest)
        self.ledger.commit(Commit(f"{name}:placed", NOW, "test", orders=(made,)))
        self.route(name)

    def ports(self, **rest: Any) -> Routing:
        places, ledger, clock = FakePlaces(self.ledger, self.places), self.ledger, frozen(self.now)
        return Routing(ledger, ledger, places, ledger, clock, self.rules, lines=ledger, **rest)

    def route(self, *names: str, **rest: Any) -> None:
        assert route(names, self.ports(**rest)).failed == []

    def buckets(self, name: str = "ord_a") -> list[dict[Bucket, int]]:
        return [dict(one.buckets) for one in self.order(name).lines]
