"""Who is asked to look along a line: once, until that look begins, or is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from dom.aws.ledger import DynamoLedger
from dom.aws.line_store import FORGOTTEN, LineStore
from dom.inventory.tell_lines import tell_lines
from dom.model.commit import Commit
from dom.model.ids import Sku
from dom.model.order import Bucket
from support.builders import NOW, line, order
from support.fakes import frozen
from support.tables import REGION, moto_tables

MUG = Sku("MUG")


@pytest.fixture
def lines() -> Iterator[LineStore]:
    """One order waits for a mug."""
    with moto_tables() as tables:
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        names = [tables[f"{one}_TABLE"] for one in ("ORDERS", "INVENTORY", "NETWORK", "INBOX")]
        waits = order("ord_a", line("1", buckets={Bucket.BACKORDERED: 1}), version=0)
        DynamoLedger(dynamodb, *names).commit(Commit("a", NOW, "test", orders=(waits,)))
        yield LineStore(dynamodb, names[1], frozen(NOW))


class Sent(list[Any]):
    """Messages that were sent; `refuses`: they are not taken."""

    refuses = False

    def send_ids(self, name: str, ids: Any, delay: timedelta) -> list[str]:
        if self.refuses:
            return list(ids)
        self.append((name, list(ids)))
        return []


def later(lines: LineStore, passed: timedelta) -> LineStore:
    return replace(lines, clock=frozen(NOW + passed))


def asked(lines: LineStore) -> bool:
    return not lines.to_look([MUG])


def test_one_is_asked_until_it_has_begun_and_again_when_it_was_lost(lines: LineStore) -> None:
    assert not asked(lines)
    lines.note_look(MUG, NOW)
    assert asked(lines) and asked(later(lines, FORGOTTEN))
    assert not asked(later(lines, FORGOTTEN + timedelta(seconds=1)))
    soon = later(lines, timedelta(seconds=1))
    soon.begin_look(MUG)
    assert not asked(soon)
    # Who notes late that a look was asked for that has begun meanwhile keeps nobody from asking.
    lines.note_look(MUG, NOW)
    assert not asked(soon)


def test_a_line_in_which_nobody_ever_stood_is_not_made_by_looking(lines: LineStore) -> None:
    lines.begin_look("CAP")
    lines.note_look("CAP", NOW)
    assert lines.to_look(["CAP", "MUG"]) == [MUG] and lines.lengths(["CAP", "MUG"]) == {"MUG": 1}


def test_a_look_that_could_not_be_sent_is_asked_for_again(lines: LineStore) -> None:
    sent = Sent()
    sent.refuses = True
    assert tell_lines([MUG], lines, sent, NOW) == [MUG]
    sent.refuses = False
    assert (tell_lines([MUG], lines, sent, NOW), sent) == ([], [("waits_for", [MUG])])
    assert (tell_lines([MUG], lines, sent, NOW), len(sent)) == ([], 1)


def test_a_line_that_keeps_moving_is_looked_along_once_more(
    lines: LineStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def conflict(**request: Any) -> None:
        error: Any = {"Error": {"Code": "TransactionConflictException", "Message": "ongoing"}}
        raise lines.dynamodb.exceptions.TransactionConflictException(error, "UpdateItem")

    monkeypatch.setattr(lines.dynamodb, "update_item", conflict)
    sent = Sent()
    for _ in range(2):
        assert tell_lines([MUG], lines, sent, NOW) == []
    assert len(sent) == 2
