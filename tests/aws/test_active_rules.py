"""The rule set in force as functions see it: seconds old, and never a reason not to route."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import boto3
import pytest
from botocore.exceptions import ClientError
from dom.aws import keys
from dom.aws.active_rules import TTL_SECONDS, ActiveRules
from dom.aws.dynamo import marshal
from dom.aws.ruleset_store import RuleSetStore
from dom.model.rules import RuleSet, Weights
from dom.model.versions import BUILT_IN, InForce, Ref, Version
from support.builders import NOW
from support.tables import REGION, moto_tables


@dataclass
class Function:
    """A function with its cache, a clock, and what it told of failures."""

    store: RuleSetStore
    at: float = 0.0
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """A cold start."""
        self.rules = ActiveRules(self.store, lambda e: self.told.append(str(e)), lambda: self.at)

    def write(self, number: int) -> Ref:
        ref = Ref("peak", number)
        rules = RuleSet(version=ref.label, weights=Weights(day=number))
        self.store.add(Version(ref, rules, NOW, "ana"))
        return ref

    def activate(self, ref: Ref, *before: Ref, shadow: Ref | None = None) -> None:
        now = self.store.in_force()
        self.store.save(InForce(ref, shadow, before, version=now.version))

    def break_(self, ref: Ref, rules: str = '{"rules": [{"name": "a"}]}') -> None:
        item = {**keys.rule_set_version(ref.id, ref.number), "rules": rules}
        self.store.dynamodb.put_item(TableName=self.store.table, Item=marshal(item))

    def version(self) -> str:
        return self.rules.active().version


@pytest.fixture
def function() -> Iterator[Function]:
    with moto_tables() as environment:
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        yield Function(RuleSetStore(dynamodb, environment["NETWORK_TABLE"]))


def test_the_built_in_rule_set_is_active_until_one_is_activated(function: Function) -> None:
    assert function.rules.active() == RuleSet()
    assert function.rules.shadow() is None
    assert RuleSet().version == BUILT_IN.label


def test_an_activation_is_seen_when_the_cache_is_old_and_not_before(function: Function) -> None:
    assert function.version() == "default-1"
    function.activate(function.write(1), shadow=function.write(2))
    function.at = TTL_SECONDS - 0.1
    assert function.version() == "default-1"
    function.at = TTL_SECONDS
    assert function.version() == "peak-1"
    assert function.rules.active().weights.day == 1
    shadow = function.rules.shadow()
    assert shadow and shadow.version == "peak-2"
    function.activate(BUILT_IN)
    function.at *= 2
    assert (function.version(), function.rules.shadow()) == ("default-1", None)


@pytest.mark.parametrize(
    "broken", ["{", '{"rules": [{"name": "a"}]}', '{"weights": {"day": {}}, "passes": 7}']
)
def test_a_version_that_cannot_be_read_leaves_the_last_good_one(
    function: Function, broken: str
) -> None:
    function.activate(function.write(1))
    assert function.version() == "peak-1"
    function.activate(function.write(2))
    function.break_(Ref("peak", 2), broken)
    function.at = TTL_SECONDS
    assert function.version() == "peak-1"
    assert len(function.told) == 1


def test_a_function_that_starts_with_a_broken_version_takes_the_one_before(
    function: Function,
) -> None:
    first, second = function.write(1), function.write(2)
    function.activate(second, BUILT_IN, first)
    function.break_(second)
    assert function.version() == "peak-1"
    function.break_(first)
    function.start()
    assert function.version() == "default-1"
    assert len(function.told) == 3


def test_a_broken_shadow_is_told_and_nothing_else(function: Function) -> None:
    function.activate(function.write(1), shadow=Ref("gone", 1))
    assert (function.version(), function.rules.shadow()) == ("peak-1", None)
    assert function.told == ["rule set gone-1 is not there"]


def test_a_table_that_does_not_answer_leaves_the_last_good_one(function: Function) -> None:
    function.activate(function.write(1))
    assert function.version() == "peak-1"
    function.store.dynamodb.delete_table(TableName=function.store.table)
    function.at = TTL_SECONDS
    assert function.version() == "peak-1"
    assert len(function.told) == 1
    function.start()
    with pytest.raises(ClientError):
        function.version()
