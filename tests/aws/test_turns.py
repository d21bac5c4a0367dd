"""Short locks: one at a time, given back, and free by themselves when their holder is gone."""

from __future__ import annotations

from datetime import timedelta

import boto3
import pytest
from dom.aws.turns import HELD, DynamoTurns
from support.builders import NOW
from support.fakes import frozen
from support.tables import REGION, moto_tables


@pytest.fixture
def turns() -> DynamoTurns:
    with moto_tables() as tables:
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        yield DynamoTurns(dynamodb, tables["INBOX_TABLE"], frozen(NOW))


def later(turns: DynamoTurns, wait: timedelta) -> DynamoTurns:
    return DynamoTurns(turns.dynamodb, turns.table, frozen(NOW + wait))


def test_one_at_a_time_and_the_next_when_it_is_given_back(turns: DynamoTurns) -> None:
    assert turns.take("a")
    assert not turns.take("a")
    assert turns.take("b")
    turns.give_back("a")
    assert turns.take("a")


def test_who_dies_gives_it_back_by_that(turns: DynamoTurns) -> None:
    assert turns.take("a")
    assert not later(turns, HELD - timedelta(seconds=1)).take("a")
    assert later(turns, HELD + timedelta(seconds=1)).take("a")
