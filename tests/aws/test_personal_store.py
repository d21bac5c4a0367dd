"""Personal data at rest: sealed with a key for each order, and gone with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from dom.aws import keys
from dom.aws.data_keys import SECONDS_KNOWN, DataKeys
from dom.aws.dynamo import marshal
from dom.aws.personal_store import PersonalStore
from dom.aws.sealed_notes import SealedNotes
from dom.aws.transactions import transact
from dom.errors import Busy, CommitRefused
from dom.model.commit import PersonalData
from dom.model.ids import OrderId
from support.builders import NOW
from support.tables import REGION, moto_tables, people_of

ADA = PersonalData(
    OrderId("ord_a"),
    "c-88",
    {"email": "ada@example.com", "addresses": {"g1": {"name": "Ada Lovelace", "address1": "1 Ü"}}},
    NOW,
)


class Kms:
    """moto's KMS, which counts what it is asked, and may fail."""

    def __init__(self, real: Any) -> None:
        self.real, self.asked, self.fails = real, [], None

    def __getattr__(self, name: str) -> Any:
        def ask(**request: Any) -> Any:
            self.asked.append(name)
            if self.fails:
                raise self.fails
            return getattr(self.real, name)(**request)

        return ask


@pytest.fixture
def tables() -> Iterator[dict[str, str]]:
    with moto_tables() as environment:
        yield environment


@pytest.fixture
def kms(tables: dict[str, str]) -> Kms:
    return Kms(boto3.client("kms", region_name=REGION))


def store(tables: dict[str, str], kms: Kms, now: float = 0) -> PersonalStore:
    """A function's store, which has just started."""
    plain = people_of(tables)
    names = tables["KEYS_TABLE"], lambda: kms, tables["PERSONAL_KEY"], lambda: now
    return replace(plain, data_keys=DataKeys(plain.dynamodb, *names))


def write(people: PersonalStore, person: PersonalData = ADA) -> None:
    transact(people.dynamodb, list(people.writes(person)))


def stored(people: PersonalStore, order_id: str = "ord_a") -> dict[str, Any]:
    found = people.dynamodb.get_item(TableName=people.table, Key=marshal(keys.personal(order_id)))
    return dict(found["Item"])


def test_what_is_written_is_read_again_and_nobody_sees_it_in_the_table(
    tables: dict[str, str], kms: Kms
) -> None:
    people = store(tables, kms)
    write(people)
    assert people.read("ord_a") == ADA
    whole = people.dynamodb.scan(TableName=tables["KEYS_TABLE"])["Items"], stored(people)
    for secret in (b"Ada", b"ada@", b"c-88", b"1 \\u00dc", "1 Ü".encode()):
        assert secret not in stored(people)["sealed"]["B"]
        assert secret.decode() not in str(whole)
    assert people.read("ord_b") is None


def test_an_order_costs_one_call_when_it_is_written_and_one_when_another_function_reads_it(
    tables: dict[str, str], kms: Kms
) -> None:
    ingest = store(tables, kms)
    write(ingest)
    write(ingest, replace(ADA, customer_id="c-89"))
    assert kms.asked == ["generate_data_key"]
    notify = store(tables, kms)
    assert notify.read("ord_a") == notify.read("ord_a") == replace(ADA, customer_id="c-89")
    assert kms.asked == ["generate_data_key", "decrypt"]


def test_a_key_is_remembered_for_minutes_only(tables: dict[str, str], kms: Kms) -> None:
    people = store(tables, kms)
    write(people)
    people.data_keys.seconds = lambda: SECONDS_KNOWN
    people.read("ord_a")
    assert kms.asked == ["generate_data_key", "decrypt"]


def test_nobody_opens_what_a_backup_holds_of_a_forgotten_customer(
    tables: dict[str, str], kms: Kms
) -> None:
    people = store(tables, kms)
    write(people)
    backup = stored(people)
    transact(people.dynamodb, list(people.erasure("ord_a")))
    assert people.read("ord_a") is None
    people.dynamodb.put_item(TableName=people.table, Item=backup)
    # Not even who still remembers the key.
    assert people.read("ord_a") is None
    # Nor with the key of what the channel told later, if that was ever stored.
    write(people, replace(ADA, customer_id="c-90"))
    people.dynamodb.put_item(TableName=people.table, Item=backup)
    assert people.read("ord_a") is None
    assert store(tables, kms).read("ord_a") is None


def test_what_is_sealed_for_one_order_opens_for_no_other(tables: dict[str, str], kms: Kms) -> None:
    people = store(tables, kms)
    write(people)
    write(people, replace(ADA, order_id=OrderId("ord_b"), customer_id="c-1"))
    moved = {**stored(people, "ord_b"), "sealed": stored(people)["sealed"]}
    people.dynamodb.put_item(TableName=people.table, Item=moved)
    with pytest.raises(Busy, match="not as it was sealed"):
        people.read("ord_b")
    # Nor does KMS unwrap the key of another order.
    found = people.dynamodb.get_item(
        TableName=tables["KEYS_TABLE"], Key=marshal(keys.data_key("ord_a"))
    )["Item"]
    people.dynamodb.put_item(
        TableName=tables["KEYS_TABLE"], Item={**found, "order_id": {"S": "ord_b"}}
    )
    people.dynamodb.put_item(TableName=people.table, Item={**moved, "key_id": found["key_id"]})
    with pytest.raises(Busy, match="InvalidCiphertext"):
        store(tables, kms).read("ord_b")


@pytest.mark.parametrize("at", [0, 1, 12, -1])
def test_what_was_changed_is_not_opened(tables: dict[str, str], kms: Kms, at: int) -> None:
    people = store(tables, kms)
    write(people)
    item = stored(people)
    changed = bytearray(item["sealed"]["B"])
    changed[at] ^= 1
    item["sealed"] = {"B": bytes(changed)}
    people.dynamodb.put_item(TableName=people.table, Item=item)
    with pytest.raises(Busy):
        people.read("ord_a")


@pytest.mark.parametrize(
    "failure",
    [
        ClientError({"Error": {"Code": "ThrottlingException"}}, "GenerateDataKey"),
        ClientError({"Error": {"Code": "KMSInternalException"}}, "GenerateDataKey"),
        ClientError({"Error": {"Code": "DisabledException"}}, "GenerateDataKey"),
        ConnectTimeoutError(endpoint_url="kms"),
    ],
)
def test_while_kms_does_not_answer_nothing_is_written_in_plain_and_nobody_is_forgotten(
    tables: dict[str, str], kms: Kms, failure: Exception
) -> None:
    people = store(tables, kms)
    write(people, replace(ADA, order_id=OrderId("ord_b")))
    kms.fails = failure
    with pytest.raises(Busy, match="KMS"):
        write(people)
    with pytest.raises(Busy, match="KMS"):
        store(tables, kms).read("ord_b")
    # Who is to be forgotten need not wait for it.
    transact(people.dynamodb, list(people.erasure("ord_b")))
    kms.fails = None
    assert people.read("ord_a") is None
    assert people.read("ord_b") is None


def test_of_two_who_make_an_orders_key_at_once_one_is_refused(
    tables: dict[str, str], kms: Kms
) -> None:
    people = store(tables, kms)
    first, second = list(people.writes(ADA)), list(people.writes(ADA))
    transact(people.dynamodb, first)
    with pytest.raises(CommitRefused) as refused:
        transact(people.dynamodb, second)
    assert [one.kind for one in refused.value.conflicts] == ["data_key"]
    # And so is who read the key before the customer was forgotten.
    third = list(people.writes(ADA))
    transact(people.dynamodb, list(people.erasure("ord_a")))
    with pytest.raises(CommitRefused):
        transact(people.dynamodb, third)
    assert people.read("ord_a") is None


def test_the_key_goes_when_the_data_go(tables: dict[str, str], kms: Kms) -> None:
    people = store(tables, kms)
    write(people, replace(ADA, forget_by=None))
    later = NOW + timedelta(days=30)
    write(people, replace(ADA, forget_by=later))
    key = people.dynamodb.scan(TableName=tables["KEYS_TABLE"])["Items"][0]
    assert key["forget_at"] == stored(people)["forget_at"] == {"N": str(int(later.timestamp()))}


def test_items_from_before_are_read_as_they_are(tables: dict[str, str], kms: Kms) -> None:
    people = store(tables, kms)
    old = {**keys.personal("ord_a"), "customer_id": "c-1", "data": {"name": "Ada"}}
    people.dynamodb.put_item(TableName=people.table, Item=marshal(old))
    assert people.read("ord_a") == PersonalData(OrderId("ord_a"), "c-1", {"name": "Ada"})
    assert kms.asked == []


def notes_of(people: PersonalStore) -> SealedNotes:
    return SealedNotes(people.data_keys)


def test_a_note_is_sealed_with_the_orders_key_and_gone_with_it(
    tables: dict[str, str], kms: Kms
) -> None:
    people = store(tables, kms)
    notes = notes_of(people)
    write(people)
    sealed = notes.seal("ord_a", "call Ada on 555 0100")
    assert "Ada" not in sealed and sealed.startswith("sealed:")
    assert notes.read("ord_a", sealed) == "call Ada on 555 0100"
    # Who writes what looks sealed is read as they wrote it; what was stored before is as it is.
    assert notes.read("ord_a", notes.seal("ord_a", sealed)) == sealed
    assert (notes.read("ord_a", "it is broken"), notes.seal("ord_a", "")) == ("it is broken", "")
    # It cannot be moved to another order.
    assert notes.read("ord_b", sealed) == ""
    transact(people.dynamodb, list(people.erasure("ord_a")))
    assert notes.read("ord_a", sealed) == ""
    notes.seal("ord_a", "another key")
    assert notes.read("ord_a", sealed) == ""
    with pytest.raises(ValueError, match="no keys"):
        SealedNotes(None).seal("ord_a", "who takes notes has keys")


def test_a_note_of_an_order_that_knows_no_customer_makes_its_key(
    tables: dict[str, str], kms: Kms
) -> None:
    people = store(tables, kms)
    sealed = notes_of(people).seal("ord_a", "ring twice")
    assert notes_of(store(tables, kms)).read("ord_a", sealed) == "ring twice"
    # And the customer that is told later is sealed with the same.
    write(people)
    assert notes_of(people).read("ord_a", sealed) == "ring twice"
    assert people.read("ord_a") == ADA
    kms.fails = ClientError({"Error": {"Code": "ThrottlingException"}}, "Decrypt")
    with pytest.raises(Busy, match="KMS"):
        notes_of(store(tables, kms)).read("ord_a", sealed)
