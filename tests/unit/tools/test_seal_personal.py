"""Personal data from before orders had keys are sealed, however often that is broken off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from dom.aws import keys
from dom.aws.dynamo import marshal, unmarshal
from dom.aws.ledger import DynamoLedger
from dom.aws.order_store import OrderStore
from dom.aws.personal_store import PersonalStore
from dom.aws.sealed_notes import SealedNotes
from dom.aws.transactions import transact
from dom.model.commit import Commit, PersonalData
from dom.model.ids import OrderId, ReturnId
from dom.model.return_terms import ReturnMethod, ReturnOutcome, ReturnReason, ReturnStatus
from dom.model.rma import Return, ReturnLine, Unexpected
from support.builders import NOW
from support.stack import StackHere
from support.tables import moto_tables, people_of

from tools import personal, seal_personal
from tools.seal_personal import plain_items, sealed


@pytest.fixture
def people() -> Iterator[PersonalStore]:
    with moto_tables() as environment:
        yield people_of(environment)


def before(people: PersonalStore, order_id: str, **more: Any) -> None:
    """An item as it was stored then."""
    old = {**keys.personal(order_id), "customer_id": "7", "data": {"name": "Ada", "n": 1.5}, **more}
    people.dynamodb.put_item(TableName=people.table, Item=marshal(old))


def test_all_that_is_plain_is_sealed_and_says_what_it_said(people: PersonalStore) -> None:
    before(people, "ord_a", forget_by="2026-04-01T00:00:00Z", forget_at=1775001600)
    before(people, "ord_b")
    known = {name: people.read(name) for name in ("ord_a", "ord_b")}
    first, second = plain_items(people)
    assert sealed(first, people)
    # WHEN it is broken off and started again
    assert list(plain_items(people)) == [second]
    assert sealed(second, people)
    assert list(plain_items(people)) == []
    assert {name: people.read(name) for name in ("ord_a", "ord_b")} == known
    items = people.dynamodb.scan(TableName=people.table)["Items"]
    assert "Ada" not in str(items)
    assert [unmarshal(one).get("forget_at") for one in items] == [1775001600, None]


def test_whoever_writes_or_forgets_meanwhile_was_right(people: PersonalStore) -> None:
    for name in ("ord_a", "ord_b", "ord_c"):
        before(people, name)
    written, changed, erased = plain_items(people)
    new = PersonalData(OrderId("ord_a"), "7", {"name": "Grace"})
    transact(people.dynamodb, list(people.writes(new)))
    before(people, "ord_b", data={"name": "Grace"})
    transact(people.dynamodb, list(people.erasure("ord_c")))
    assert [sealed(one, people) for one in (written, changed, erased)] == [False] * 3
    assert people.read("ord_a") == new
    assert people.read("ord_b") == replace(new, order_id=OrderId("ord_b"))
    assert people.read("ord_c") is None
    assert len(list(plain_items(people))) == 1


def test_what_people_wrote_into_returns_is_sealed_under_its_version(people: PersonalStore) -> None:
    notes = SealedNotes(people.data_keys)
    wrote = ReturnLine("1", 1, ReturnReason.UNWANTED, note="call Ada")
    record = Return(
        ReturnId("ord_a-R1"),
        OrderId("ord_a"),
        "shopify",
        "acme",
        "USD",
        ReturnStatus.RECEIVED,
        ReturnMethod.MAIL,
        ReturnOutcome.REFUND,
        (wrote, replace(wrote, line_id="2", note="")),
        NOW,
        unexpected=(Unexpected("HAT", 1, notes.seal("ord_a", "Ada's own")),),
    )
    ledger = DynamoLedger(people.dynamodb, people.table)
    ledger.commit(Commit("a", NOW, "test", returns=(record,)))
    (item,) = plain_items(people)
    assert sealed(item, people) and not sealed(item, people)
    assert list(plain_items(people)) == []
    after = OrderStore(people.dynamodb, people.table).rma("ord_a-R1")
    assert after and after.version == 2
    told = [notes.read("ord_a", x.note) for x in (*after.lines, *after.unexpected)]
    assert told == ["call Ada", "", "Ada's own"]
    assert "Ada" not in str(people.dynamodb.scan(TableName=people.table))


def test_the_commands_seal_and_tell(
    people: PersonalStore, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before(people, "ord_a")
    for command in (seal_personal, personal):
        monkeypatch.setattr(command, "chosen", lambda _: StackHere())
        monkeypatch.setattr(command, "people_of", lambda _: people, raising=True)
    monkeypatch.setattr("sys.argv", ["seal", "--check"])
    assert seal_personal.main() == 1
    monkeypatch.setattr("sys.argv", ["seal"])
    assert seal_personal.main() == 0
    monkeypatch.setattr("sys.argv", ["personal", "ord_a", "ord_b"])
    personal.main()
    told = capsys.readouterr().out
    assert '"name": "Ada"' in told and '"order_id": "ord_b", "forgotten": true' in told
