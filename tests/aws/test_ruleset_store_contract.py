"""One contract for the book of rule sets, in memory and in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest
from dom.aws import keys
from dom.aws.network_store import NetworkStore
from dom.aws.outbox import OutboxTable
from dom.aws.ruleset_store import RuleSetStore
from dom.errors import CommitRefused, Rejected
from dom.model.history import append
from dom.model.overlay import Change, Rule
from dom.model.rules import RuleSet, Weights
from dom.model.versions import BUILT_IN, InForce, Ref, Version, VersionNote
from hypothesis import HealthCheck, given, settings
from support.builders import NOW
from support.rule_books import FakeBook
from support.rule_sets import rule_sets
from support.tables import REGION, moto_tables

Book = FakeBook | RuleSetStore
PEAK = Ref("peak / 1", 1)


@pytest.fixture(params=["memory", "dynamodb"])
def book(request: pytest.FixtureRequest) -> Iterator[Book]:
    if request.param == "memory":
        yield FakeBook()
        return
    with moto_tables() as environment:
        yield RuleSetStore(
            boto3.client("dynamodb", region_name=REGION), environment["NETWORK_TABLE"]
        )


@pytest.fixture
def store() -> Iterator[RuleSetStore]:
    with moto_tables() as environment:
        yield RuleSetStore(
            boto3.client("dynamodb", region_name=REGION), environment["NETWORK_TABLE"]
        )


def version(ref: Ref = PEAK, day: int = 300) -> Version:
    return Version(ref, RuleSet(version=ref.label, weights=Weights(day=day)), NOW, "ana")


def test_nothing_is_written_and_the_built_in_version_is_in_force_at_first(book: Book) -> None:
    assert (book.latest("peak"), book.versions("peak"), book.load(PEAK)) == (0, [], None)
    assert book.in_force() == InForce(BUILT_IN)


def test_a_version_is_read_as_it_was_written(book: Book) -> None:
    book.add(version())
    assert book.load(PEAK) == version()
    assert book.latest(PEAK.id) == 1
    assert book.latest("peak") == 0


def test_a_number_is_given_once(book: Book) -> None:
    book.add(version())
    with pytest.raises(CommitRefused):
        book.add(version(day=1))
    assert book.load(PEAK) == version()


def test_versions_are_listed_newest_first(book: Book) -> None:
    for number in (2, 10, 1):
        book.add(version(Ref("peak", number)))
    book.add(version(Ref("peak2", 99)))
    assert book.versions("peak") == [VersionNote(number, NOW, "ana") for number in (10, 2, 1)]
    assert book.latest("peak") == 10


def test_what_is_in_force_is_stored_whole(book: Book) -> None:
    history = append((), NOW, "RuleSetActivated", "ana", rule_version="peak-1", previous=None)
    wanted = InForce(PEAK, Ref("peak", 2), (BUILT_IN, Ref("a", 7)), history)
    book.save(wanted)
    assert book.in_force() == replace(wanted, version=1)
    book.save(replace(book.in_force(), shadow=None))
    assert book.in_force() == replace(wanted, shadow=None, version=2)


@pytest.mark.parametrize("seen", [0, 2])
def test_who_saw_another_version_changes_nothing(book: Book, seen: int) -> None:
    book.save(InForce(PEAK))
    with pytest.raises(CommitRefused):
        book.save(InForce(Ref("other", 1), version=seen))
    assert book.in_force() == InForce(PEAK, version=1)


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(rules=rule_sets)
def test_every_rule_set_survives_the_store(store: RuleSetStore, rules: RuleSet) -> None:
    ref = Ref("any", store.latest("any") + 1)
    written = Version(ref, replace(rules, version=ref.label), NOW, "ana")
    store.add(written)
    assert store.load(ref) == written


def test_a_rule_set_too_large_for_an_item_is_refused_in_words(store: RuleSetStore) -> None:
    many = tuple(Rule(f"rule {n}", Change(exclude=True)) for n in range(2_000))
    with pytest.raises(Rejected, match="bytes, more than"):
        store.add(replace(version(), rules=RuleSet(rules=many)))
    assert store.latest(PEAK.id) == 0


def test_the_relay_reads_the_history_and_its_notes_survive_a_change(store: RuleSetStore) -> None:
    outbox = OutboxTable(store.dynamodb, store.table)
    first = append((), NOW, "RuleSetActivated", "ana", rule_version="peak-1")
    store.save(InForce(PEAK, history=first))
    (item,) = outbox.read([keys.rules_in_force()])
    assert [entry.type for entry in item.record.history] == ["RuleSetActivated"]
    outbox.acknowledge(item, called_back=False)
    again = append(first, NOW, "RuleSetShadowed", "ana", rule_version=None)
    store.save(InForce(PEAK, history=again, version=1))
    (item,) = outbox.read([keys.rules_in_force()])
    assert (item.relayed_seq, item.version) == (1, 2)


def test_what_is_in_force_is_never_listed_as_a_location(
    store: RuleSetStore,
) -> None:
    store.save(InForce(PEAK))
    assert NetworkStore(store.dynamodb, store.table).all() == []
