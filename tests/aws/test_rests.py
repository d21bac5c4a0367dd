"""Who fails several times in a row rests, and one try decides for how long next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from dom.aws.rests import KEPT, DynamoRests, careful
from dom.errors import Busy, Rejected
from dom.http.client import Failing, Refused, Unanswered, send
from dom.model.rests import WELL, Health, Rests, rest_after
from support.builders import NOW
from support.fakes import frozen
from support.tables import moto_tables

from tools.stand_in import Told, listening

SHOP = "shopify/acme"


@dataclass
class Remembered:
    """In memory, as the table does it."""

    known: dict[str, Health] = field(default_factory=dict)

    def health(self, name: str) -> Health:
        return self.known.get(name, WELL)

    def failed(self, name: str, known: Health, then: Health) -> None:
        if self.health(name).failures in (0, known.failures):
            self.known[name] = then

    def recovered(self, name: str) -> None:
        self.known.pop(name, None)


@pytest.fixture(params=["memory", "table"])
def rests(request: pytest.FixtureRequest) -> Iterator[Rests]:
    if request.param == "memory":
        yield Remembered()
        return
    with moto_tables() as tables:
        yield DynamoRests(boto3.client("dynamodb"), tables["INBOX_TABLE"], frozen(NOW))


def call(rests: Rests, error: Exception | None = None, after: timedelta = timedelta()) -> None:
    with careful(SHOP, rests, frozen(NOW + after)):
        if error:
            raise error


def fails(rests: Rests, times: int, error: Exception, after: timedelta = timedelta()) -> None:
    for _ in range(times):
        with pytest.raises(type(error)):
            call(rests, error, after)


DOWN = Failing("HTTP 503", 503)


@pytest.mark.parametrize("error", [DOWN, Unanswered("no answer")])
def test_the_third_failure_in_a_row_opens_the_circuit(rests: Rests, error: Exception) -> None:
    fails(rests, 3, error)
    with pytest.raises(Busy, match="rests until"):
        call(rests)
    assert rests.health("shopify/other") == WELL
    call(rests, after=timedelta(seconds=10))
    assert rests.health(SHOP) == WELL


def test_one_try_after_the_rest_decides_and_rests_grow(rests: Rests) -> None:
    fails(rests, 3, DOWN)
    fails(rests, 1, DOWN, timedelta(seconds=10))
    with pytest.raises(Busy, match="rests until"):
        call(rests, after=timedelta(seconds=29))
    call(rests, after=timedelta(seconds=30))


@pytest.mark.parametrize("error", [Refused("HTTP 404", 404), Rejected("no token"), Busy("a lock")])
def test_what_is_wrong_with_us_is_not_its_failure(rests: Rests, error: Exception) -> None:
    fails(rests, 5, error)
    call(rests)


def test_failures_side_by_side_are_one(rests: Rests) -> None:
    known = rests.health(SHOP)
    for _ in range(2):
        rests.failed(SHOP, known, Health(1))
    fails(rests, 1, DOWN)
    rests.failed(SHOP, known, Health(1))
    assert rests.health(SHOP) == Health(2)


def test_a_failure_that_is_told_late_counts_once(rests: Rests) -> None:
    known = rests.health(SHOP)
    rests.failed(SHOP, known, Health(1))
    rests.failed(SHOP, Health(1), Health(2))
    rests.failed(SHOP, Health(1), Health(2))
    assert rests.health(SHOP) == Health(2)


def test_who_answers_stays_well(rests: Rests) -> None:
    call(rests)
    assert rests.health(SHOP) == WELL


def test_it_rests_as_long_as_it_asks_for(rests: Rests) -> None:
    fails(rests, 1, Failing("HTTP 429", 429, asked=timedelta(minutes=2)))
    with pytest.raises(Busy, match="rests until"):
        call(rests, after=timedelta(seconds=119))
    call(rests, after=timedelta(minutes=2))


def test_rests_double_and_end() -> None:
    seconds = [rest_after(n).total_seconds() for n in range(1, 12)]
    assert seconds == [0, 0, 10, 20, 40, 80, 160, 320, 640, 900, 900]
    assert rest_after(10**6) == timedelta(minutes=15)


def test_failures_of_long_ago_are_none_in_a_row() -> None:
    with moto_tables() as tables:
        store = DynamoRests(boto3.client("dynamodb"), tables["INBOX_TABLE"], frozen(NOW))
        fails(store, 2, DOWN)
        later = replace(store, clock=frozen(NOW + KEPT + timedelta(seconds=1)))
        assert (store.health(SHOP).failures, later.health(SHOP)) == (2, WELL)
        later.failed(SHOP, WELL, Health(1))
        assert later.health(SHOP) == Health(1)


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7), ("99999", 3600), ("Wed, 21 Oct 2026 07:28:00 GMT", 0)]
)
def test_an_answer_says_when_to_ask_again(header: str, seconds: int) -> None:
    def answer(_: Any) -> Told:
        return Told(503, {}, {"Retry-After": header})

    with listening(answer) as url, pytest.raises(Failing) as error:
        send("GET", url, None, {})
    assert error.value.asked == timedelta(seconds=seconds)
