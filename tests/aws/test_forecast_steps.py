"""The steps of the night's forecast over the tables, cut anywhere, repeated, and as one machine."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from zlib import crc32
from zoneinfo import ZoneInfo

import boto3
import pytest
from botocore.exceptions import ClientError
from dom.aws import keys
from dom.aws.documents import Documents
from dom.aws.dynamo import marshal
from dom.aws.expectation_store import DynamoExpectationStore
from dom.aws.forecast_steps import SEGMENTS, ForecastSteps, ProposalDesk
from dom.aws.forecast_wiring import ToldProducts
from dom.aws.incoming_store import DynamoIncomingStore
from dom.aws.ledger import DynamoLedger
from dom.aws.product_store import DynamoProductStore
from dom.aws.rebalancing_store import ProposalStore, SlowStock
from dom.aws.stock_store import StockStore
from dom.errors import Busy
from dom.model.clock import to_text
from dom.model.commit import Commit
from dom.model.expectation import Expectation, Expected
from dom.model.geo import Destination
from dom.model.ids import LocationId, Sku
from dom.model.order import HoldReason, Method, ShipGroup
from dom.model.rebalancing import ProposalStatus, RebalancingTerms, Slow
from dom.model.safety_policy import SafetyPolicy
from dom.model.stock import Cause, StockChange
from dom.planning import night as nightly
from dom.planning.balance import Balance
from dom.planning.keep import Kept
from dom.planning.night import Planning
from support.builders import BOSTON, NOW, RENO, line, location, order
from support.tables import REGION, moto_tables

from tools.bench_meter import size

MUG, HAT, CUP = Sku("MUG"), Sku("HAT BLUE/1"), Sku("CUP")
ZONE = ZoneInfo("America/Los_Angeles")
WEST, EAST = LocationId("WEST"), LocationId("EAST")
Json = dict[str, Any]


@dataclass
class Paged:
    """DynamoDB whose scans know segments, which moto only checks, and give a few items a page.

    `fails`: how many of the next scans are throttled.
    """

    dynamodb: Any
    size: int = 3
    fails: int = 0
    items: list[Json] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.dynamodb, name)

    def scan(self, **request: Any) -> Json:
        if self.fails:
            self.fails -= 1
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "Scan")
        wanted = (request.pop("Segment"), request.pop("TotalSegments"))
        start = request.pop("ExclusiveStartKey", None)
        found = {one["order_id"]["S"]: one for one in self._found(request)}
        mine = [name for name in sorted(found) if crc32(name.encode()) % wanted[1] == wanted[0]]
        left = [name for name in mine if not start or name > start["order_id"]["S"]]
        page = left[: self.size]
        key = {"order_id": {"S": page[-1]}, "item": {"S": "ORDER"}} if page else {}
        more = {"LastEvaluatedKey": key} if len(left) > len(page) else {}
        return {"Items": [found[name] for name in page], **more}

    def _found(self, request: Json) -> list[Json]:
        """Orders do not change here; moto takes a second to find them."""
        if not self.items:
            self.items += self.dynamodb.scan(**request)["Items"]
        return self.items


@dataclass
class Night:
    """The tables with orders, and the steps over them."""

    tables: dict[str, str]
    counted: Counter[str] = field(default_factory=Counter)
    failed: list[Sku] = field(default_factory=list)
    terms: RebalancingTerms | None = None

    def __post_init__(self) -> None:
        self.dynamodb = Paged(boto3.client("dynamodb", region_name=REGION))
        self.s3 = boto3.client("s3", region_name=REGION)
        self.s3.create_bucket(Bucket="raw")
        names = [self.tables[f"{name}_TABLE"] for name in ("ORDERS", "INVENTORY", "NETWORK")]
        self.ledger = DynamoLedger(self.dynamodb, *names)
        self.stock = StockStore(self.dynamodb, names[1])
        self.known = DynamoExpectationStore(self.dynamodb, names[1])
        self.products = DynamoProductStore(self.dynamodb, names[1])
        policy = SafetyPolicy("p", 0.95, 7.0, least=9)
        self.kept = Kept((policy,), {WEST: location("WEST", RENO)})
        planning = lambda: Planning(  # noqa: E731
            self.stock,
            self.ledger,
            self.known,
            ToldProducts(self.products),
            self.kept,
            lambda: NOW,
            lambda sku, _: self.failed.append(sku),
            Balance(self.terms, self.kept.network) if self.terms else None,
            DynamoIncomingStore(self.dynamodb, names[1]).incoming,
        )
        documents = Documents(self.s3, "raw")
        self.proposals = ProposalStore(self.dynamodb, names[1])
        desk = ProposalDesk(lambda: self.terms, self.proposals)
        self.steps = ForecastSteps(
            self.dynamodb, names[0], documents, planning, ZONE, 365, self._count, desk
        )

    def _count(self, name: str, units: int) -> None:
        self.counted[name] += units

    def buy(self, name: str, sku: Sku, back: int, units: int, **rest: Any) -> None:
        groups = (ShipGroup("sg1", Method.SHIP, Destination("US", "95814", "CA")),)
        one = order(name, line("1", sku, units), ship_groups=groups, version=0)
        one = replace(one, placed_at=NOW - timedelta(days=back), **rest)
        self.ledger.commit(Commit(name, NOW, "test", orders=(one,)))

    def run(self, run_id: str, goes_on: Callable[[], bool], twice: bool = False) -> None:
        """What the state machine does; `twice`: each step that ends is taken once more."""
        begun = self.take({"step": "begin", "run_id": run_id, "started_at": to_text(NOW)}, goes_on)
        for step in (*begun["reads"], *begun["learns"]):
            event = step
            while event["more"]:
                done = self.take(event, goes_on)
                if twice:
                    assert self.take(event, goes_on) == done
                event = done
        self.proposed = self.take(begun["propose"], goes_on)

    def take(self, event: Json, goes_on: Callable[[], bool]) -> Json:
        """A step with what the state machine carries: JSON."""
        told: Json = json.loads(json.dumps(event))
        return json.loads(json.dumps(self.steps.take(told, goes_on)))

    def velocity(self, sku: Sku) -> float:
        return self.known.find([sku])[sku].network.velocity


@pytest.fixture(scope="module")
def night() -> Iterator[Night]:
    """28 days of orders of three SKUs, and a position of one of them."""
    with moto_tables() as tables:
        made = Night(tables)
        for back in range(1, 29):
            made.buy(f"ord_m{back}", MUG, back, 2)
            made.buy(f"ord_h{back}", HAT, back, 1)
        made.buy("ord_c", CUP, 28, 28)
        made.buy("ord_today", MUG, 0, 90)
        made.buy("ord_old", MUG, 400, 90)
        made.buy("ord_test", MUG, 3, 90, test=True)
        made.buy("ord_held", MUG, 3, 90, hold_reason=HoldReason.FRAUD_RISK)
        there = StockChange(MUG, WEST, Cause.SNAPSHOT, on_hand=50, creates=True)
        made.ledger.commit(Commit("s", NOW, "test", stock=(there,)))
        made.run("first", lambda: True)
        yield made


def test_a_night_learns_tells_and_keeps(night: Night) -> None:
    assert (night.velocity(MUG), night.velocity(HAT)) == (2.0, 1.0)
    found = night.known.find([MUG, Sku("NONE")])
    assert set(found) == {MUG} and found[MUG].until.isoformat() == "2026-03-04"
    assert {name: one.velocity for name, one in found[MUG].locations.items()} == {WEST: 2.0}
    told = night.products.find(MUG)
    assert told and told.daily_demand == 2.0
    (position,) = night.stock.positions_of([(MUG, WEST)])
    assert (position.safety_stock, position.available) == (9, 41)
    assert night.counted["ForecastsMade"] >= 3 and night.failed == []


@pytest.mark.parametrize("twice", [False, True])
def test_stopped_anywhere_and_every_step_repeated_it_learns_the_same(
    night: Night, twice: bool
) -> None:
    before = night.known.find([MUG, HAT, CUP])
    ends = [n % 3 == 0 for n in range(40)]
    # A repeated step must stop where it stopped: within one test, time is not what ends it.
    night.run(f"r-{twice}", (lambda: False) if twice else ends.pop, twice)
    assert night.known.find([MUG, HAT, CUP]) == before


def test_a_throttled_table_is_busy_and_the_step_is_taken_again(night: Night) -> None:
    event = night.take(
        {"step": "begin", "run_id": "busy", "started_at": to_text(NOW)}, lambda: True
    )["reads"][0]
    night.dynamodb.fails = 1
    with pytest.raises(Busy):
        night.take(event, lambda: True)
    assert night.take(event, lambda: True)["more"] is False


def test_the_parts_are_one_for_each_segment_and_bucket_and_small(night: Night) -> None:
    begun = night.take({"step": "begin", "run_id": "x" * 80, "started_at": to_text(NOW)}, bool)
    assert [one["segment"] for one in begun["reads"]] == list(range(SEGMENTS))
    # A state machine carries 256 KB.
    assert len(json.dumps(begun)) < 10_000
    early = night.take(
        {"step": "begin", "run_id": "x", "started_at": "2026-03-04T07:59:00.000000Z"}, bool
    )
    assert early["reads"][0]["until"] == "2026-03-03", "it is still the day before in California"


def test_without_terms_nothing_is_proposed_and_with_them_a_night_proposes_once(
    night: Night,
) -> None:
    night.run("no-terms", lambda: True)
    assert night.proposed == {"proposals": 0} and night.proposals.page() == ([], "")
    # GIVEN a second location, far from those who ask, where stock lies
    there = StockChange(MUG, EAST, Cause.SNAPSHOT, on_hand=400, creates=True)
    night.ledger.commit(Commit("east", NOW, "test", stock=(there,)))
    document = keys.availability(MUG)
    item = {**document, "sku": MUG, "version": 9, "locations": {"WEST": 10, "EAST": 400}}
    night.dynamodb.put_item(TableName=night.known.table, Item=marshal(item))
    network = {WEST: location("WEST", RENO), EAST: location("EAST", BOSTON)}
    night.kept = Kept((), network)
    night.terms = RebalancingTerms("default", 28, 1000, slow_days=60)
    # WHEN the night is done twice
    night.run("terms", lambda: True)
    assert night.proposed == {"proposals": 1}
    ((made,), following) = night.proposals.page()
    assert (made.origin, made.to, made.status, following) == (
        EAST,
        WEST,
        ProposalStatus.PROPOSED,
        "",
    )
    assert night.proposals.save(made.decided(ProposalStatus.DISMISSED, "ada"))
    with patch.object(nightly, "TOGETHER", 1):
        night.run("terms again", lambda: False)
    night.terms = None
    # THEN what was decided stands
    (again,) = night.proposals.page()[0]
    assert (again.id, again.status, again.version) == (made.id, ProposalStatus.DISMISSED, 2)
    assert not night.proposals.save(made)
    assert night.proposals.slow() == SlowStock(made.made_on, (Slow(MUG, 410 - 2 * 60, 205.0, 0),))
    night.proposals.list_slow(made.made_on - timedelta(days=1), [])
    assert night.proposals.slow() is not None


def test_what_was_learnt_later_is_not_overwritten(night: Night) -> None:
    known = night.known.find([HAT])[HAT]
    older = replace(known, until=known.until - timedelta(days=1), network=Expected(9.0, 1.0, 3))
    assert not night.known.save(older)
    assert night.known.find([HAT])[HAT] == known
    assert night.known.save(replace(known, until=known.until))


def test_the_fullest_expectation_is_below_the_limit_of_an_item(night: Night) -> None:
    one = Expected(12345.678, 987654.321, 365, 1999.0)
    many = {LocationId(f"{'L' * 40}{n:04}"): one for n in range(1500)}
    full = Expectation(Sku("FULL"), NOW.date(), "lumpy", "tsb 0.1", one, dict(many), many)
    assert night.known.save(full)
    item = night.dynamodb.get_item(
        TableName=night.known.table, Key=_typed(keys.expectation("FULL"))
    )["Item"]
    assert 200_000 < size(item) < 400_000
    night.dynamodb.delete_item(TableName=night.known.table, Key=_typed(keys.expectation("FULL")))


def _typed(key: keys.Key) -> Json:
    return {name: {"S": value} for name, value in key.items()}
