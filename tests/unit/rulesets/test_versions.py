"""Drafts, activation, the way back, and a version beside: who did what, and nothing lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from dom.errors import CommitRefused, IllegalTransition, LintFailed, NotFound, Outdated
from dom.model.overlay import Change, Rule
from dom.model.rules import RuleSet, Weights
from dom.model.scope import When
from dom.model.versions import BUILT_IN, InForce, Ref, Version
from dom.rulesets import activate as steps
from dom.rulesets.activate import activate, check, revert, shadow
from dom.rulesets.ports import Step
from dom.rulesets.put_draft import put_draft
from dom.rulesets.read import version_of, versions_of
from support.builders import NOW
from support.rule_books import FakeBook, desk

ANA = Step("ana", "season")
NEVER = Rule("never", Change(exclude=True), When(least_value=5, below_value=5))


@pytest.fixture
def book() -> FakeBook:
    return FakeBook()


def draft(book: FakeBook, set_id: str = "peak", **rules: Any) -> Version:
    return put_draft(set_id, RuleSet(**rules), desk(book), "ana")


def test_each_draft_is_a_new_version_that_runs_nowhere(book: FakeBook) -> None:
    first, second = draft(book), draft(book, weights=Weights(day=1))
    assert [one.ref.label for one in (first, second)] == ["peak-1", "peak-2"]
    assert [one.rules.version for one in (first, second)] == ["peak-1", "peak-2"]
    assert (second.created_at, second.created_by) == (NOW, "ana")
    assert version_of("peak", None, book) == second
    assert version_of("peak", 1, book) == first
    assert book.in_force().active == BUILT_IN


def test_the_built_in_version_is_the_first_of_default(book: FakeBook) -> None:
    assert version_of("default", None, book).rules == RuleSet()
    assert [note.number for note in versions_of("default", book)] == [1]
    assert draft(book, "default").ref == Ref("default", 2)
    assert [note.number for note in versions_of("default", book)] == [2, 1]
    assert [note.number for note in versions_of("peak", book)] == []


@pytest.mark.parametrize(("set_id", "number"), [("peak", None), ("peak", 1), ("default", 2)])
def test_a_version_that_was_never_written_is_not_found(
    book: FakeBook, set_id: str, number: int | None
) -> None:
    with pytest.raises(NotFound):
        version_of(set_id, number, book)


def test_a_draft_of_somebody_who_saw_another_newest_version_is_refused(book: FakeBook) -> None:
    put_draft("peak", RuleSet(), desk(book), "ana", expected=0)
    with pytest.raises(Outdated):
        put_draft("peak", RuleSet(), desk(book), "bob", expected=0)
    put_draft("peak", RuleSet(), desk(book), "bob", expected=1)
    put_draft("default", RuleSet(), desk(book), "bob", expected=1)


def test_two_drafts_of_one_moment_get_two_numbers(book: FakeBook) -> None:
    real, meanwhile = book.add, []

    def add(version: Version) -> None:
        if not meanwhile:
            meanwhile.append(version)
            real(replace(version, created_by="bob"))
        real(version)

    book.add = add  # type: ignore[method-assign]
    assert draft(book).ref.number == 2
    assert book.written[Ref("peak", 1)].created_by == "bob"


def test_an_activation_says_who_did_it_when_and_why(book: FakeBook) -> None:
    now = activate(draft(book), ANA, desk(book))
    assert now == book.in_force()
    assert (now.active, now.before, now.version) == (Ref("peak", 1), (BUILT_IN,), 1)
    (entry,) = now.history
    assert (entry.seq, entry.at, entry.type, entry.actor) == (1, NOW, "RuleSetActivated", "ana")
    assert entry.data == {
        "rule_version": "peak-1",
        "previous": "default-1",
        "reverted": False,
        "reason": "season",
    }


def test_what_is_active_already_is_not_activated_again(book: FakeBook) -> None:
    version = draft(book)
    assert activate(version, ANA, desk(book)) == activate(version, ANA, desk(book))
    assert len(book.in_force().history) == 1


def test_a_draft_with_an_error_is_refused_with_all_findings_and_one_with_warnings_is_not(
    book: FakeBook,
) -> None:
    broken = draft(book, rules=(NEVER, NEVER))
    with pytest.raises(LintFailed) as refused:
        activate(broken, ANA, desk(book))
    assert {one["code"] for one in refused.value.findings} >= {"rule_never_holds", "name_twice"}
    assert book.in_force() == InForce()
    doubtful = draft(book, rules=(Rule("idle", Change()),))
    assert [one.severity for one in check(doubtful, desk(book))] == ["warning"]
    assert activate(doubtful, ANA, desk(book)).active == doubtful.ref


def test_going_back_goes_back_step_by_step_to_the_first(book: FakeBook) -> None:
    first, second = draft(book), draft(book, weights=Weights(day=1))
    activate(first, ANA, desk(book))
    activate(second, ANA, desk(book))
    assert revert("peak", ANA, desk(book)).active == first.ref
    now = revert("peak", ANA, desk(book))
    assert (now.active, now.before) == (BUILT_IN, ())
    assert [entry.data["reverted"] for entry in now.history] == [False, False, True, True]
    assert now.history[-1].data["previous"] == "peak-1"
    with pytest.raises(IllegalTransition):
        revert("default", ANA, desk(book))


def test_only_the_rule_set_that_is_active_is_reverted(book: FakeBook) -> None:
    activate(draft(book), ANA, desk(book))
    with pytest.raises(IllegalTransition):
        revert("other", ANA, desk(book))


def test_going_back_is_not_linted(book: FakeBook) -> None:
    """The network may have changed since; what ran must be reachable when it matters."""
    book.now = InForce(Ref("peak", 2), before=(Ref("peak", 1),))
    book.add(Version(Ref("peak", 1), RuleSet(rules=(NEVER,)), NOW, "ana"))
    assert revert("peak", ANA, desk(book)).active == Ref("peak", 1)


def test_a_version_beside_changes_nothing_of_what_is_active(book: FakeBook) -> None:
    tried = draft(book)
    now = shadow(tried, ANA, desk(book))
    assert (now.active, now.shadow) == (BUILT_IN, tried.ref)
    assert now.history[-1].type == "RuleSetShadowed"
    assert shadow(tried, ANA, desk(book)) == now
    ended = shadow(None, ANA, desk(book))
    assert (ended.shadow, ended.history[-1].data["rule_version"]) == (None, None)


def test_the_active_version_is_not_tried_beside_itself(book: FakeBook) -> None:
    tried = draft(book)
    shadow(tried, ANA, desk(book))
    assert activate(tried, ANA, desk(book)).shadow is None
    with pytest.raises(IllegalTransition):
        shadow(tried, ANA, desk(book))


def test_a_step_of_somebody_who_saw_something_else_in_force_is_refused(book: FakeBook) -> None:
    version = draft(book)
    activate(version, replace(ANA, expected_version=0), desk(book))
    with pytest.raises(Outdated):
        activate(draft(book), replace(ANA, expected_version=0), desk(book))
    with pytest.raises(Outdated):
        revert("peak", replace(ANA, expected_version=7), desk(book))
    assert revert("peak", replace(ANA, expected_version=1), desk(book)).active == BUILT_IN


def test_an_activation_beside_another_is_made_on_top_of_it(book: FakeBook) -> None:
    one, other = draft(book), draft(book)
    real, raced = book.save, []

    def save(now: InForce) -> None:
        if not raced:
            raced.append(now)
            real(InForce(other.ref, before=(BUILT_IN,)))
            raise CommitRefused(())
        real(now)

    book.save = save  # type: ignore[method-assign]
    assert activate(one, ANA, desk(book)).before == (BUILT_IN, other.ref)


def test_the_history_is_kept_short_and_counts_on(book: FakeBook) -> None:
    for _ in range(steps.KEPT_ENTRIES + 5):
        activate(draft(book), ANA, desk(book))
    now = book.in_force()
    assert len(now.history) == steps.KEPT_ENTRIES
    assert now.history[-1].seq == steps.KEPT_ENTRIES + 5
    assert len(now.before) == steps.KEPT_BEFORE
