"""An archive of decisions in memory, and a routing desk whose every commit may be refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from dom.aws.archive import DecisionArchive
from dom.model.ids import LocationId
from dom.model.location import Location
from dom.model.order import Order
from dom.model.overlay import Change, Rule
from dom.model.rules import Fences, Pass, RuleSet, Weights
from dom.model.scope import Where
from dom.routing.ports import Routing
from dom.routing.route import Outcome, route
from support.builders import BOSTON, DALLAS, NOW, RENO, line, location, order
from support.code import ROOT
from support.fakes import FakeLedger, FakePlaces, frozen

SKUS = ("A", "B", "C")
PLAY = """
import json, sys
from dom.aws.archive import DecisionArchive
from dom.aws.codec import from_plain
from dom.model.decision import RoutingDecision
from dom.routing.ask import check
from support.archive import MemoryObjects
given = json.load(sys.stdin)
objects = {key: bytes.fromhex(body) for key, body in given["objects"].items()}
archive = DecisionArchive(MemoryObjects(objects))
for one in given["decisions"]:
    assert check(from_plain(RoutingDecision, one), archive) == {}, one["id"]
print(len(given["decisions"]))
"""


@dataclass
class MemoryObjects:
    """`dom.aws.archive.Objects` in a dictionary; `refuse` is raised by the next writes."""

    stored: dict[str, bytes] = field(default_factory=dict)
    refuse: Exception | None = None
    puts: list[str] = field(default_factory=list)

    def put(self, key: str, body: bytes) -> None:
        self.puts.append(key)
        if self.refuse:
            raise self.refuse
        self.stored[key] = body

    def get(self, key: str) -> bytes | None:
        return self.stored.get(key)


@dataclass
class Desk:
    """Routing on a fake ledger, with an archive."""

    places: tuple[Location, ...] = (
        location("RENO", RENO),
        location("BOSTON", BOSTON, daily_capacity=3),
        location("DALLAS", DALLAS, daily_capacity=2),
    )
    rules: RuleSet = field(default_factory=RuleSet)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    objects: MemoryObjects = field(default_factory=MemoryObjects)

    def __post_init__(self) -> None:
        self.ledger.open(*self.places)
        self.archive = DecisionArchive(self.objects, frozen(NOW))

    def ports(self, **rest: Any) -> Routing:
        ledger, places = self.ledger, FakePlaces(self.ledger, self.places)
        rest = {"archive": self.archive, **rest}
        return Routing(ledger, ledger, places, ledger, frozen(NOW), self.rules, **rest)

    def route(self, *orders: Order, **rest: Any) -> Outcome:
        for one in orders:
            self.ledger.orders[one.order_id] = one
        return route([one.order_id for one in orders], self.ports(**rest))


def random_desk(seed: int) -> Desk:
    """A batch routed against documents that lag behind, so that commits are refused and repeated.

    Three places, two with little capacity, rules that vary, up to eight orders.
    """
    rng = Random(seed)
    desk = Desk(rules=_rules(rng))
    told: dict[str, dict[str, int]] = {sku: {} for sku in SKUS}
    for place in desk.places:
        for sku in SKUS:
            true = rng.randint(0, 6)
            desk.ledger.stock(sku, place.location_id, true)
            told[sku][place.location_id] = max(0, true + rng.choice((0, 0, 0, 2, -2)))
    desk.ledger.availability = lambda skus: {sku: dict(told[sku]) for sku in skus}  # type: ignore[method-assign]
    desk.route(*(_order(rng, n) for n in range(rng.randint(1, 8))))
    return desk


def _rules(rng: Random) -> RuleSet:
    fences = Fences(max_splits=rng.choice((None, None, 0, 1)), ship_complete=rng.random() < 0.15)
    weights = Weights(parcel=rng.choice((1_000_000, 0, 450)), capacity=rng.choice((0, 0, 700)))
    passes = rng.choice(((), (Pass("whole", max_splits=0), Pass("any"))))
    where = Where(locations=frozenset({LocationId("BOSTON")}))
    sale = Rule("sale", Change(parcel=rng.choice((-900, 300))), where=where)
    return RuleSet("v1", weights, fences, passes, rng.choice(((), (sale,))))


def _order(rng: Random, number: int) -> Order:
    lines = tuple(
        line(str(n), rng.choice(SKUS), rng.randint(1, 3), grams=rng.choice((100, 480, 2100)))
        for n in range(rng.randint(1, 4))
    )
    return order(f"ord_{number}", *lines, priority=rng.choice((0, 0, 5)))


def played_elsewhere(
    decisions: Sequence[object], objects: Mapping[str, str], hash_seed: str
) -> tuple[str, str]:
    """What another process, with another order of its hashes, says of playing them all again."""
    done = subprocess.run(
        [sys.executable, "-c", PLAY],
        input=json.dumps({"decisions": decisions, "objects": objects}),
        env={
            **os.environ,
            "PYTHONHASHSEED": hash_seed,
            "PYTHONPATH": os.pathsep.join((str(ROOT / "layers/core"), str(ROOT / "tests"))),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr, done.stdout.strip()
