"""A ledger that routes what is placed there, for tests of lines of those who wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from dom.model.commit import Commit
from dom.model.order import Bucket, Order
from dom.model.rules import RuleSet
from dom.routing.ports import Routing
from dom.routing.route import route
from support.builders import BOSTON, NOW, RENO, line, location, order
from support.fakes import FakeLedger, FakePlaces, frozen

B = Bucket
PLACES = (location("RENO", RENO), location("BOSTON", BOSTON))


def bought(name: str, age: int, *wanted: tuple[str, int], **rest: Any) -> Order:
    """An order `age` hours old, never written yet."""
    found = [line(str(n), sku, units) for n, (sku, units) in enumerate(wanted)]
    placed_at = NOW - timedelta(hours=age)
    return replace(order(name, *found, version=0), placed_at=placed_at, **rest)


class Shop:
    """A ledger that routes what is placed there, and whoever waits ahead."""

    def __init__(self) -> None:
        self.ledger = FakeLedger()
        self.ledger.open(*PLACES)
        places = FakePlaces(self.ledger, PLACES)
        ledger = self.ledger
        clock = frozen(NOW)
        self.ports = Routing(ledger, ledger, places, ledger, clock, RuleSet(), lines=ledger)

    def place(self, *orders: Order) -> None:
        for one in orders:
            self.ledger.commit(Commit(f"{one.order_id}:placed", NOW, "test", orders=(one,)))
        self.route(*(one.order_id for one in orders))

    def route(self, *names: str) -> None:
        assert route(names, self.ports).failed == []

    def comes(self, sku: str, place: str, units: int) -> None:
        """Units more at a place, and nobody is told."""
        found = self.ledger.positions.get(f"{sku}@{place}")
        if found is None:
            self.ledger.stock(sku, place, units)
        else:
            more = replace(found, on_hand=found.on_hand + units)
            self.ledger.positions[f"{sku}@{place}"] = more

    def units(self, name: str, bucket: Bucket = B.ALLOCATED) -> int:
        return sum(one.units(bucket) for one in self.ledger.orders[name].lines)
