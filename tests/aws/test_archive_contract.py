"""The archive of solves: what goes in comes out the same, in S3 as in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from dom.aws import solve_codec
from dom.aws.archive import DecisionArchive, Objects, S3Objects
from dom.errors import Busy
from dom.model.ids import LocationId, Sku
from dom.model.location import LocationType
from dom.model.order import Method
from dom.model.overlay import Change, Overlay, Rule
from dom.model.product import Product
from dom.model.rules import Dropship, Fences, Pass, RuleSet, Service, Weights
from dom.model.scope import When, Where
from dom.sourcing.replay import Assigned, Inputs
from moto import mock_aws
from support.archive import MemoryObjects
from support.fakes import frozen
from support.sourcing_cases import NOON, demand, line, network, place, random_case

RULES = RuleSet(
    "summer-3",
    Weights(day=150),
    Fences(
        max_splits=2,
        ships_to={"CA": frozenset({"CA", "US"})},
        groups=frozenset({"west"}),
        excluded=frozenset({LocationId("reno")}),
        dropship=Dropship.LAST,
    ),
    (Pass("in time", 0), Pass("any", None, 1)),
    (
        Rule(
            "gold",
            Change({"day": 900}, {"excluded": frozenset({LocationId("x")}), "max_splits": 0}),
            When(methods=frozenset({Method.SHIP}), least_value=100),
            Where(types=frozenset({LocationType.STORE})),
        ),
    ),
    (
        Overlay(
            Rule("storm", Change(exclude=True)),
            datetime(2026, 3, 1),  # noqa: DTZ001 (wall clock)
            datetime(2026, 3, 9, 6, 30),  # noqa: DTZ001
            "America/Chicago",
            5,
        ),
    ),
    Service(cutoff=time(15, 30), holidays=frozenset({date(2026, 12, 25)})),
)


@pytest.fixture(params=["memory", "s3"])
def objects(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Objects]:
    if request.param == "memory":
        yield MemoryObjects()
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="raw")
        yield S3Objects(s3, "raw")


def asked() -> Inputs:
    net = network(place("soho"), place("reno", None), place("Åre"))
    stock = {Sku("A"): {LocationId("soho"): 3, LocationId("Åre"): -1}, Sku("Ü/1"): {}}
    return Inputs(
        (demand(line("1", "A", 2, "reno"), line("2", "Ü/1")),),
        stock,
        frozenset({LocationId("reno")}),
        {LocationId("soho"): 0},
        {Sku("A"): Product(Sku("A"), "mugs", frozenset({"cold"}), 350, 900, "", 2.5, 100)},
        net,
        RULES,
        NOON,
    )


def test_the_inputs_come_back_as_they_were(objects: Objects) -> None:
    inputs = asked()
    kept = DecisionArchive(objects, frozen(NOON)).keep(inputs)
    again = DecisionArchive(objects, frozen(NOON)).inputs(kept.solve)
    assert again is not None
    assert (again.demands, again.available) == (inputs.demands, inputs.available)
    assert (again.closed, again.capacity_left) == (inputs.closed, inputs.capacity_left)
    assert (again.rules, again.now, again.products) == (RULES, NOON, inputs.products)
    assert again.network.locations == inputs.network.locations


def test_the_inputs_of_a_joint_plan_come_back_as_they_were(objects: Objects) -> None:
    soho, reno = LocationId("soho"), LocationId("reno")
    here, gone = Assigned({soho: {"1": 2, "2": 1}}), Assigned({reno: {"1": 1}}, True, {soho: {}})
    alone = asked()
    lines = tuple(replace(one, promised_by=NOON) for one in alone.demands[0].lines)
    demands = (replace(alone.demands[0], lines=lines), alone.demands[0])
    inputs = replace(alone, demands=demands, assigned=(here, gone), by_solver=True)
    archive = DecisionArchive(objects, frozen(NOON))
    again = archive.inputs(archive.keep(inputs).solve)
    assert again is not None
    assert (again.demands, again.assigned, again.by_solver) == (demands, (here, gone), True)


@pytest.mark.parametrize("seed", range(40))
def test_random_inputs_come_back_as_they_were(seed: int) -> None:
    case, archive = random_case(seed), DecisionArchive(MemoryObjects(), frozen(NOON))
    inputs = Inputs.of([case.demand], case.supply, case.network, case.rules, case.now)
    again = archive.inputs(archive.keep(inputs).solve)
    assert again is not None
    for name in ("demands", "available", "closed", "capacity_left", "products", "rules", "now"):
        assert getattr(again, name) == getattr(inputs, name), name


def test_an_unknown_solve_is_nothing(objects: Objects) -> None:
    assert DecisionArchive(objects).inputs("0" * 32) is None


def test_the_same_question_has_the_same_name_and_another_one_another(objects: Objects) -> None:
    archive, inputs = DecisionArchive(objects, frozen(NOON)), asked()
    first, again = archive.keep(inputs), archive.keep(asked())
    assert first == again
    later = Inputs.of(
        inputs.demands, inputs.supply(), inputs.network, inputs.rules, NOON.replace(minute=1)
    )
    other = archive.keep(later)
    assert other.solve != first.solve
    assert (other.network, other.rules, other.supply) == (first.network, first.rules, first.supply)


def failing(code: str) -> Callable[..., Any]:
    def refuse(**_: Any) -> Any:
        raise ClientError({"Error": {"Code": code, "Message": "no"}}, "PutObject")

    return refuse


@pytest.mark.parametrize("code", ["SlowDown", "AccessDenied", "NoSuchBucket"])
def test_whatever_s3_says_keeping_raises_nothing_and_reading_says_busy(code: str) -> None:
    s3 = type("S3", (), {"put_object": staticmethod(failing(code))})()
    s3.get_object = failing(code)
    archive = DecisionArchive(S3Objects(s3, "raw"), frozen(NOON))
    kept = archive.keep(asked())
    assert code in kept.failure and kept.of("ord_1", "1").kept is False
    with pytest.raises(Busy):
        archive.inputs("0" * 32)


def test_stock_of_many_locations_takes_a_few_bytes_each() -> None:
    net = network(*(place(f"STORE-{n:05}") for n in range(5_000)))
    stock = {Sku("A"): {one.location_id: 7 for one in net.locations}}
    inputs = Inputs((demand(line("1", "A")),), stock, frozenset(), {}, {}, net, RuleSet(), NOON)
    assert len(solve_codec.supply_bytes(inputs)) < 8 * 5_000
    objects = MemoryObjects()
    DecisionArchive(objects, frozen(NOON)).keep(inputs)
    (body,) = [one for key, one in objects.stored.items() if key.startswith("decisions/")]
    assert len(body) < 2 * 5_000
