"""People give open work to another location: what is there binds them, what rules say does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from dom.errors import CommitRefused, IllegalTransition, InvalidInput, Outdated, OutOfStock
from dom.model.commit import Commit
from dom.model.effort import EffortRate
from dom.model.fulfillment import REASSIGNED, FulfillmentOrder, FulfillmentStatus
from dom.model.ids import LocationId
from dom.model.order import Bucket, Method
from dom.model.rules import Fences, RuleSet
from dom.routing.replan.reassign import Reassignment, reassign
from support.builders import DALLAS, RENO, line, location, order
from support.replanning import SACRAMENTO, Waves, changed, to

S = FulfillmentStatus
BOUND: dict[str, Any] = {"daily_effort": 10, "efforts": {Method.SHIP: EffortRate(2, 1, 1)}}


def world(**dallas: Any) -> Waves:
    """Two lines at RENO, two units of the first; DALLAS has all of it, too."""
    places = (location("RENO", RENO, **BOUND), location("DALLAS", DALLAS, **{**BOUND, **dallas}))
    waves = Waves(places, RuleSet(fences=Fences(excluded=frozenset({LocationId("DALLAS")}))))
    waves.stock({"MUG": {"RENO": 2, "DALLAS": 2}, "HAT": {"RENO": 1, "DALLAS": 1}})
    lines = (line("1", "MUG", 2), line("2", "HAT"))
    waves.route(order("ord_a", *lines, ship_groups=to("x", SACRAMENTO).ship_groups))
    return waves


def give(waves: Waves, **wanted: Any) -> FulfillmentOrder:
    facts = {"location_id": LocationId("DALLAS"), "actor": "ana", "reason": "RENO floods"}
    asked = Reassignment("ord_a-1", **{**facts, **wanted})
    return reassign(asked, waves.ledger, waves.routing)


def test_all_of_it_goes_in_one_transaction_in_the_name_of_who_said_so() -> None:
    waves = world()
    written = len(waves.ledger.commits)
    new = give(waves)
    assert len(waves.ledger.commits) == written + 1
    assert (new.id, new.location_id, new.status, new.by_hand) == (
        "ord_a-2",
        "DALLAS",
        S.ASSIGNED,
        "ana",
    )
    old = waves.ledger.works["ord_a-1"]
    assert (old.status, old.cancel_reason, old.due_at) == (S.CANCELLED, REASSIGNED, None)
    assert {old.history[-1].actor, new.history[-1].actor} == {"ana"}
    decision = waves.ledger.decisions[new.decision_id]
    assert (decision.kind, decision.actor, decision.replaces) == ("by_hand", "ana", ("ord_a-1",))
    assert decision.why == new.why == "given to DALLAS by ana: RENO floods"
    waves.assert_sound()


def test_a_part_of_what_is_picked_goes_and_the_rest_stays() -> None:
    waves = world()
    work = waves.ledger.works["ord_a-1"]
    waves.ledger.works["ord_a-1"] = changed(work, status=S.PICKING)
    one = waves.ledger.orders["ord_a"]
    picked = [x.moved(Bucket.ALLOCATED, Bucket.PICKED, x.quantity) for x in one.lines]
    waves.ledger.orders["ord_a"] = one.with_lines(picked)
    give(waves, units={"1": 1})
    lines = waves.ledger.orders["ord_a"].lines
    assert dict(lines[0].buckets) == {Bucket.PICKED: 1, Bucket.ALLOCATED: 1}
    assert dict(lines[1].buckets) == {Bucket.PICKED: 1}
    kept, new = waves.ledger.works["ord_a-1"], waves.ledger.works["ord_a-2"]
    assert (kept.status, kept.effort, new.effort) == (S.PICKING, 6, 4)
    days = {place: _effort(waves, place) for place in ("RENO", "DALLAS")}
    assert days == {"RENO": 4, "DALLAS": 6}
    assert waves.ledger.positions["MUG@RENO"].reserved == 1


def test_whoever_was_told_that_nobody_knows_hears_when_it_comes_from_there() -> None:
    waves = world()
    order = waves.ledger.orders["ord_a"]
    group = order.ship_groups[0].id
    waves.ledger.orders["ord_a"] = replace(order, told={group: None}, look_at=None)
    give(waves)
    assert waves.ledger.orders["ord_a"].look_at == waves.now


def _effort(waves: Waves, place: str) -> int:
    state = waves.ledger.states[place]
    return next(n for name, n in state.items() if name.startswith("effort#"))


def test_no_replan_takes_it_away_again() -> None:
    waves = world()
    waves.rules = RuleSet()
    give(waves)
    assert waves.replan(commit=True).works == 0


def test_goods_that_are_not_there_cannot_be_given_whatever_is_forced() -> None:
    waves = world()
    waves.stock({"HAT": {"DALLAS": 0}})
    with pytest.raises(OutOfStock) as refused:
        give(waves, force=True)
    assert refused.value.short == (("HAT", 1),)


@pytest.mark.parametrize(
    "dallas", [{"active": False}, {"daily_capacity": 0}, {"daily_effort": 6}], ids=str
)
def test_a_location_that_takes_no_work_takes_it_only_by_force(dallas: dict[str, Any]) -> None:
    waves = world(**dallas)
    with pytest.raises(IllegalTransition):
        give(waves)
    assert give(waves, force=True).location_id == "DALLAS"
    if "daily_effort" in dallas:
        assert _effort(waves, "DALLAS") == -1


@pytest.mark.parametrize("status", [S.PACKED, S.SHIPPED, S.CANCELLED])
def test_what_is_packed_or_over_stays(status: FulfillmentStatus) -> None:
    waves = world()
    work = waves.ledger.works["ord_a-1"]
    waves.ledger.works["ord_a-1"] = changed(work, status=status)
    with pytest.raises(IllegalTransition) as refused:
        give(waves)
    assert refused.value.found == status


@pytest.mark.parametrize(
    "wanted",
    [{"location_id": LocationId("RENO")}, {"location_id": LocationId("MARS")}, {"units": {"1": 3}}],
    ids=str,
)
def test_what_cannot_be_meant_is_refused(wanted: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        give(world(), **wanted)


def test_two_people_cannot_both_do_it_and_a_repeat_changes_nothing() -> None:
    waves = world()
    with pytest.raises(Outdated):
        give(waves, version=7)
    first = give(waves, request_id="r1")
    written = len(waves.ledger.commits)
    assert give(waves, request_id="r1").id == first.id
    assert len(waves.ledger.commits) == written


def test_whoever_lost_the_race_decides_anew_on_what_is_true() -> None:
    waves = world()

    def somebody_is_faster(commit: Commit) -> None:
        waves.ledger.before = lambda commit: None
        waves.ledger.works["ord_a-1"] = changed(waves.ledger.works["ord_a-1"], status=S.PACKED)
        raise CommitRefused(())

    waves.ledger.before = somebody_is_faster
    with pytest.raises(IllegalTransition):
        give(waves)
