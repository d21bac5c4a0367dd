"""Any decision can be made again from its archived inputs, to the last byte."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from dom.aws.archive import DecisionArchive
from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import marshal, unmarshal
from dom.errors import Busy, CommitRefused, Conflict, NotReplayable
from dom.model.commit import Commit
from dom.model.decision import RoutingDecision
from dom.model.order import Bucket
from dom.routing.ask import check, decisions_of, inputs_of, pick
from dom.routing.route import route
from dom.sourcing.problem import Supply
from dom.sourcing.record import facts, record
from dom.sourcing.replay import COMPARED, Inputs, as_bytes, moment, said
from hypothesis import given, settings
from hypothesis import strategies as st
from support.archive import Desk, played_elsewhere, random_desk
from support.builders import NOW, line, order
from support.fakes import frozen

ROOT = Path(__file__).parents[3]


def as_stored(decision: RoutingDecision) -> RoutingDecision:
    """The decision after a way through the database."""
    return from_plain(RoutingDecision, unmarshal(marshal(to_plain(decision))))


def replayed(inputs: Inputs, decision: RoutingDecision) -> dict[str, object]:
    """What the inputs make of the decision's ship group."""
    return facts(record(*moment(inputs, decision.order_id, decision.ship_group_id)))


def shuffled(inputs: Inputs, rng: Random) -> Inputs:
    """The same inputs, told in another order."""
    demands = [
        replace(one, lines=tuple(rng.sample(one.lines, len(one.lines)))) for one in inputs.demands
    ]
    rng.shuffle(demands)
    stock = [
        (sku, dict(rng.sample(list(units.items()), len(units))))
        for sku, units in inputs.available.items()
    ]
    rng.shuffle(stock)
    slots = list(inputs.capacity_left.items())
    rng.shuffle(slots)
    told = {"demands": tuple(demands), "available": dict(stock), "capacity_left": dict(slots)}
    return replace(inputs, **told)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_every_decision_of_a_batch_with_conflicts_is_made_again_to_the_byte(seed: int) -> None:
    desk = random_desk(seed)
    assert desk.ledger.decisions
    for decision in desk.ledger.decisions.values():
        assert check(as_stored(decision), desk.archive) == {}


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_order_in_which_the_inputs_are_told_changes_no_byte(seed: int) -> None:
    desk = random_desk(seed)
    for decision in desk.ledger.decisions.values():
        told = shuffled(inputs_of(decision, desk.archive), Random(seed))
        assert as_bytes(replayed(told, decision)) == as_bytes(said(decision))


def test_the_random_batches_do_meet_conflicts_splits_and_backorders() -> None:
    # Otherwise the two tests above would say little.
    desks = [random_desk(seed) for seed in range(60)]
    decisions = [one for desk in desks for one in desk.ledger.decisions.values()]
    assert {one.outcome for one in decisions} == {"allocated", "partial", "backordered"}
    assert any(len(one.chosen) > 1 for one in decisions)
    assert any(one.runner_up for one in decisions)
    several = [desk for desk in desks if len(solves(desk)) > 1]
    assert len(several) > 10, "no commit was ever refused"


def solves(desk: Desk) -> list[str]:
    return [key for key in desk.objects.puts if key.startswith("decisions/")]


def test_a_solve_is_one_object_however_many_orders_it_has_and_is_there_before_the_commit() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 50)
    before: list[int] = []
    desk.ledger.before = lambda commit: before.append(len(solves(desk)))
    desk.route(*(order(f"ord_{n}") for n in range(20)))
    assert len(solves(desk)) == 1
    assert before == [1] * len(before)
    assert {one.evidence.solve for one in desk.ledger.decisions.values()} == {
        solves(desk)[0].removeprefix("decisions/")
    }


def test_network_and_rule_set_are_written_once_a_day_however_many_solves_name_them() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 50)
    network = desk.ports()
    for n in range(3):
        desk.ledger.orders[f"ord_{n}"] = order(f"ord_{n}")
        route([f"ord_{n}"], network)
    shared = [key for key in desk.objects.puts if not key.startswith("decisions/")]
    assert len(shared) == len(set(shared)) == 2
    # The next day they are written anew, so that they expire no sooner than what names them.
    tomorrow = frozen(NOW.replace(day=5))
    desk.archive.clock = tomorrow
    desk.ledger.orders["ord_9"] = order("ord_9")
    route(["ord_9"], network)
    again = [key for key in desk.objects.puts if not key.startswith("decisions/")]
    assert sorted(again) == sorted(shared * 2)


def test_a_solve_after_a_refusal_is_replayed_with_what_the_refusal_taught() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)
    desk.ledger.stock("MUG", "BOSTON", 5)

    def sold_meanwhile(commit: Commit) -> None:
        desk.ledger.before = lambda commit: None
        desk.ledger.stock("MUG", "RENO", 0)
        raise CommitRefused((Conflict("position", "MUG@RENO", {"available": 0}),))

    desk.ledger.before = sold_meanwhile
    desk.route(order())
    (decision,) = desk.ledger.decisions.values()
    assert [one["location_id"] for one in decision.chosen] == ["BOSTON"]
    assert len(solves(desk)) == 2
    assert check(decision, desk.archive) == {}


def test_when_the_archive_fails_orders_are_routed_and_the_decision_says_so() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)
    desk.objects.refuse = Busy("slow down")
    outcome = desk.route(order())
    assert dict(desk.ledger.orders["ord_a"].line("1").buckets) == {Bucket.ALLOCATED: 1}
    assert outcome.failed == [] and "slow down" in outcome.unkept[0]
    (decision,) = desk.ledger.decisions.values()
    assert decision.evidence.kept is False
    with pytest.raises(NotReplayable, match="were not kept"):
        check(decision, desk.archive)


def test_an_archive_that_failed_is_not_waited_for_again_at_once() -> None:
    desk, now = Desk(), [0.0]
    desk.archive = DecisionArchive(desk.objects, frozen(NOW), lambda: now[0])
    desk.ledger.stock("MUG", "RENO", 5)
    desk.objects.refuse = Busy("slow down")
    desk.route(order("ord_0"))
    desk.objects.refuse = None
    tried = len(desk.objects.puts)
    desk.route(order("ord_1"))
    assert len(desk.objects.puts) == tried
    now[0] = 31.0
    desk.route(order("ord_2"))
    assert check(desk.ledger.decisions["ord_2-sg1-1"], desk.archive) == {}


def test_inputs_that_expired_are_told_apart_from_a_difference() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)
    desk.route(order())
    (decision,) = desk.ledger.decisions.values()
    for gone in list(desk.objects.stored):
        kept = desk.objects.stored.pop(gone)
        with pytest.raises(NotReplayable, match="were deleted"):
            check(decision, desk.archive)
        desk.objects.stored[gone] = kept
    assert check(decision, desk.archive) == {}


def test_a_decision_that_today_comes_out_otherwise_is_shown_field_by_field() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)
    desk.route(order())
    (decision,) = desk.ledger.decisions.values()
    told = check(replace(decision, cost=decision.cost + 1), desk.archive)
    assert told == {"cost": [str(decision.cost + 1), str(decision.cost)]}


def test_everything_that_a_solve_may_ask_of_the_supply_is_in_the_inputs() -> None:
    # A new field of Supply must be kept too, or decisions that used it could not be replayed.
    asked = {name for name in vars(Supply({})) if not name.startswith("_")}
    kept = {"available", "closed", "capacity_left", "products"}
    assert asked == kept | {"slots_log"}  # the log only says where to look again
    assert kept <= set(Inputs.__dataclass_fields__)


def test_everything_that_routing_says_of_a_plan_is_compared() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)
    desk.route(order())
    (decision,) = desk.ledger.decisions.values()
    (again,) = [replayed(inputs_of(decision, desk.archive), decision)]
    assert set(again) == set(COMPARED)


def test_the_latest_decision_or_one_of_a_ship_group_or_id_is_found() -> None:
    desk = Desk()
    desk.route(order())
    desk.ledger.stock("MUG", "RENO", 5)
    route(["ord_a"], desk.ports())
    found = decisions_of("ord_a", desk.ledger)
    assert [one.outcome for one in found] == ["backordered", "allocated"]
    assert pick(found).id == "ord_a-sg1-2"
    assert pick(found, "ord_a-sg1-1").id == "ord_a-sg1-1"
    assert pick(found, "", "sg1").id == "ord_a-sg1-2"


@pytest.mark.slow
@pytest.mark.parametrize("hash_seed", ["1", "4711"])
def test_another_process_with_another_hash_seed_makes_the_same_bytes(hash_seed: str) -> None:
    desks = [random_desk(seed) for seed in range(12)]
    decisions = [to_plain(one) for desk in desks for one in desk.ledger.decisions.values()]
    objects = {key: body.hex() for desk in desks for key, body in desk.objects.stored.items()}
    assert played_elsewhere(decisions, objects, hash_seed) == ("", str(len(decisions)))


def test_two_lines_of_one_order_that_compete_are_replayed_too() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 3)
    desk.route(order("ord_a", line("1", quantity=2), line("2", quantity=2)))
    (decision,) = desk.ledger.decisions.values()
    assert decision.outcome == "partial"
    assert check(as_stored(decision), desk.archive) == {}
