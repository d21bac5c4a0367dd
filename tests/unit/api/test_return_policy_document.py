"""The return policy as people write it, in the rule set's document."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from dom.api.request import InvalidBody
from dom.api.ruleset_document import read_rule_set, render_yaml
from dom.model.return_policy import ReturnPolicy
from dom.model.return_terms import Condition, Disposition, ReturnReason, ShipsOn
from dom.model.rules import RuleSet

PAGE = Path(__file__).parents[3] / "docs" / "returns.md"


def read(text: str) -> RuleSet:
    return read_rule_set(text.encode(), "application/yaml", "v")


def test_the_example_of_the_docs_is_a_policy() -> None:
    [example] = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    policy = read(example).returns
    assert [rule.name for rule in policy.rules] == ["sale", "bulky", "default"]
    assert (policy.rules[1].days, policy.rules[1].restocking_percent) == (14, 15)
    assert policy.condition_percent == {Condition.DAMAGED: 0}
    assert policy.disposition(Condition.FAIR, "", 3_999) is Disposition.LIQUIDATE
    assert policy.disposition(Condition.FAIR, "", 4_000) is Disposition.REFURBISH
    assert (policy.refund_on, policy.exchange_on) == (ShipsOn.INSPECTION, ShipsOn.SCAN)


def test_an_empty_document_has_the_default_policy_and_says_nothing_of_it() -> None:
    assert read("").returns == ReturnPolicy()
    assert render_yaml(RuleSet()) == ""


def test_what_is_written_comes_back() -> None:
    rules = read("returns: {routing: {resale_percent: {defective: 0}}, label_fee: 495}")
    assert rules.returns.routing.resale_percent[ReturnReason.DEFECTIVE] == 0
    assert rules.returns.routing.resale_percent[ReturnReason.STYLE] == 90
    assert read(render_yaml(rules)) == rules


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("returns: {rules: [{days: 3}]}", "returns.rules.0.name"),
        ("returns: {dispositions: [{condition: mint, disposition: restock}]}", "returns.disp"),
        ("returns: {label_fee: -1}", "returns.label_fee"),
        ("returns: {refund_on: never}", "returns.refund_on"),
        ("returns: {fee: 1}", "returns.fee"),
    ],
)
def test_what_it_cannot_be_is_named(text: str, field: str) -> None:
    with pytest.raises(InvalidBody) as refused:
        read(text)
    assert refused.value.field.startswith(field)
