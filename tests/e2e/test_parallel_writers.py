"""Sixteen writers at the same few positions of the embedded AWS, whose answers get lost and whose
transactions are refused: nothing is oversold, nothing counts twice, all of it ends at 0."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from dom.aws.ledger import DynamoLedger
from dom.aws.network_store import NetworkStore
from dom.aws.stock_store import StockStore
from dom.errors import Busy
from dom.fulfillment import effects
from dom.inventory.set_position import Count, Shelves, set_position
from dom.model.clock import system_clock
from dom.model.commit import CapacityChange, Claim, Commit
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder
from dom.model.ids import FulfillmentOrderId, LocationId, OrderId, Sku
from dom.model.stock import Cause, StockChange
from support.builders import work
from support.stock_life import written
from support.world import World, good

pytestmark = pytest.mark.e2e
WRITERS, STEPS, UNITS = 16, 40, 60
REFUSALS = ("TransactionConflictException", "ThrottlingException", "InternalServerError")


@dataclass
class Weather:
    """What befalls every fifth transaction: refused before it is made, or its answer is lost."""

    random: Random = field(default_factory=lambda: Random(7))
    befell: Counter[str] = field(default_factory=Counter)

    def on(self, dynamodb: Any) -> None:
        """Let it befall this client."""
        dynamodb.meta.events.register("before-call.dynamodb.TransactWriteItems", self.before)
        dynamodb.meta.events.register("after-call.dynamodb.TransactWriteItems", self.after)

    def before(self, **_: Any) -> tuple[SimpleNamespace, dict[str, Any]] | None:
        """Refuse one in ten, as AWS does it."""
        if self.random.random() > 0.1:
            return None
        code = self.random.choice(REFUSALS)
        self.befell[code] += 1
        meta = {"ResponseMetadata": {"HTTPStatusCode": 400, "RequestId": "r"}}
        return SimpleNamespace(status_code=400), {**meta, "Error": {"Code": code, "Message": code}}

    def after(self, **_: Any) -> None:
        """Lose one answer in ten: the write happened, or was refused, and nobody knows."""
        if self.random.random() < 0.1:
            self.befell["lost"] += 1
            raise ReadTimeoutError(endpoint_url="dynamodb")


class Writers:
    """Whoever allocates, ships, cancels and counts, on two SKUs at two locations."""

    def __init__(self, world: World) -> None:
        self.world, self.weather = world, Weather()
        dynamodb, tables = world.back.client("dynamodb"), world.stack["tables"]
        names = [tables[name] for name in ("orders", "inventory", "network", "inbox")]
        self.stock = StockStore(dynamodb, tables["inventory"])
        self.ledger = DynamoLedger(dynamodb, *names)
        locations = NetworkStore(dynamodb, tables["network"])
        self.shelves = Shelves(self.stock, locations, self.ledger, system_clock)
        self.places = [
            (Sku(world.sku(sku)), LocationId(world.location(place)))
            for sku in ("A", "B")
            for place in ("ONE", "TWO")
        ]
        for sku, place in self.places:
            world.stock(sku, {place: UNITS})
        self.weather.on(dynamodb)

    def commit(self, commit: Commit) -> bool:
        """Whether it was written, also if the answer that said so was lost."""
        return written(commit, self.ledger, attempts=40)

    def allocate(self, name: str, random: Random, most: int = 4) -> FulfillmentOrder | None:
        """Work for some units, if they are there."""
        (sku, place), units = random.choice(self.places), random.randrange(1, most)
        taken = StockChange(sku, place, Cause.ALLOCATION, reserved=units, takes_available=True)
        fact = Commit(f"{name}-{self.world.tag}", system_clock(), "routing", stock=(taken,))
        if not self.commit(fact):
            return None
        made = work(1, location_id=place, lines=(FulfillmentLine("1", sku, units),))
        return replace(made, id=FulfillmentOrderId(fact.id))

    def end(self, one: FulfillmentOrder, random: Random) -> str:
        """It is shipped or cancelled; which of them."""
        name = random.choice(["shipment", "release"])
        changes = {
            "shipment": lambda: effects.shipment(one),
            "release": lambda: effects.release(one, one.lines),
        }[name]()
        assert self.commit(Commit(f"end-{one.id}", system_clock(), "floor", stock=changes))
        return name

    def count(self, random: Random) -> None:
        """Somebody counts a position while it moves; whoever never gets there leaves it."""
        figure = Count(*random.choice(self.places), random.randrange(40, 80))
        for _ in range(5):
            with suppress(Busy):
                set_position(figure, "store", self.shelves)
                return

    def assert_sums(self, held: Counter[tuple[Sku, LocationId]]) -> None:
        for sku, place in self.places:
            found = self.world.position(sku, place)
            assert found["reserved"] == held[sku, place] >= 0, (sku, place)
            self.world.assert_ledger_sums_up(sku, place)


@pytest.fixture(scope="module")
def writers(stack: dict[str, Any]) -> Writers:
    """They meet at 4 positions of 60 units."""
    return Writers(World(stack))


def life(writers: Writers, number: int) -> tuple[list[FulfillmentOrder], Counter[str]]:
    """What one writer does; the work that it leaves open."""
    random, open_, done = Random(number), list[FulfillmentOrder](), Counter[str]()
    for step in range(STEPS):
        what = random.choice(["allocate", "allocate", "end", "count"])
        done[what] += 1
        if what == "allocate":
            made = writers.allocate(f"w{number}-{step}", random)
            open_ += [made] if made else []
        elif what == "end" and open_:
            done[writers.end(open_.pop(random.randrange(len(open_))), random)] += 1
        elif what == "count":
            writers.count(random)
    return open_, done


def test_whatever_they_do_and_whatever_befalls_them_all_sums_hold(writers: Writers) -> None:
    # WHEN sixteen live at once
    with ThreadPoolExecutor(WRITERS) as pool:
        ends = list(pool.map(lambda n: life(writers, n), range(WRITERS)))
    # THEN what is reserved is what is open, and positions are their movements
    open_ = [one for left, _ in ends for one in left]
    held = Counter[tuple[Sku, LocationId]]()
    for one in open_:
        held[one.lines[0].sku, one.location_id] += one.lines[0].quantity
    writers.assert_sums(held)
    # AND much of it did happen
    befell = writers.weather.befell
    assert befell["lost"] > 10 and all(befell[code] for code in REFUSALS), befell
    assert len(open_) > 20 and sum((done for _, done in ends), Counter())["shipment"] > 10
    # AND when all of it ends, nothing is reserved
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda one: writers.end(one, Random(one.id)), open_))
    writers.assert_sums(Counter())


def test_of_units_that_run_out_exactly_as_many_are_allocated_as_there_are(
    writers: Writers,
) -> None:
    # GIVEN fewer units than are wanted
    for sku, place in writers.places:
        writers.world.stock(sku, {place: 10})

    def buy(number: int) -> int:
        random = Random(1000 + number)
        made = (writers.allocate(f"b{number}-{n}", random, most=2) for n in range(6))
        return sum(one.lines[0].quantity for one in made if one)

    # WHEN sixteen want six each, one at a time
    with ThreadPoolExecutor(WRITERS) as pool:
        sold = sum(pool.map(buy, range(WRITERS)))
    # THEN no position gave more than it had, and what it gave is reserved
    positions = [writers.world.position(sku, place) for sku, place in writers.places]
    assert all(one["available"] >= 0 and one["reserved"] <= 10 for one in positions)
    assert sum(one["reserved"] for one in positions) == sold > 30
    for sku, place in writers.places:
        writers.world.assert_ledger_sums_up(sku, place)


def test_of_effort_that_runs_out_exactly_as_much_is_taken_as_fits(writers: Writers) -> None:
    # GIVEN a location that works 100 effort units a day
    place = LocationId(writers.world.location("WORN", timezone="UTC", daily_effort=100))
    day = system_clock().date()

    def take(number: int) -> int:
        change = CapacityChange(place, day, 1, None, effort=7, daily_effort=100)
        names = (f"e{number}-{n}-{writers.world.tag}" for n in range(3))
        facts = [
            Commit(name, system_clock(), "routing", capacity=(change,), claims=(claim,))
            for name in names
            for claim in [Claim(name, OrderId(name), system_clock())]
        ]
        return sum(map(writers.commit, facts))

    # WHEN sixteen want three works of seven each
    with ThreadPoolExecutor(WRITERS) as pool:
        taken = sum(pool.map(take, range(WRITERS)))
    # THEN fourteen of the forty-eight fit
    assert taken == 14
    (shown,) = good(writers.world.api.call("GET", f"/locations/{place}/capacity")).json["days"]
    assert (shown["effort_used"], shown["effort_left"]) == (98, 2)
