"""A decision of a re-plan says as much as one of routing, and can be made again to the byte."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import marshal, unmarshal
from dom.errors import Busy, CommitRefused, Conflict, NotReplayable
from dom.model.commit import Commit
from dom.model.decision import REPLANNED, RoutingDecision
from dom.model.geo import Coordinates
from dom.model.ids import LocationId
from dom.model.overlay import Change, Rule
from dom.model.rules import Fences, Pass, RuleSet, Weights
from dom.model.scope import Where
from dom.routing.ask import ask_why, check, inputs_of
from dom.routing.replan.ports import Threshold
from dom.solver.mip import Mip
from dom.sourcing.joint.again import again, played
from dom.sourcing.record import facts
from dom.sourcing.replay import COMPARED, Inputs, as_bytes, said
from dom.sourcing.why import TOGETHER, why_not
from hypothesis import given, settings
from hypothesis import strategies as st
from support.archive import played_elsewhere
from support.builders import RENO, line, location, order
from support.replanning import SACRAMENTO, VERNAL, Waves, changed, peak, to

ROOT = Path(__file__).parents[3]


def made_by(waves: Waves) -> list[RoutingDecision]:
    """The decisions of re-plans, after a way through the database."""
    found = (one for one in waves.ledger.decisions.values() if one.kind == REPLANNED)
    return [from_plain(RoutingDecision, unmarshal(marshal(to_plain(one)))) for one in found]


def solves(waves: Waves) -> list[str]:
    return [key for key in waves.objects.puts if key.startswith("decisions/")]


def crowd(seed: int) -> Waves:
    """Orders routed one by one into scarce stock under rules of all kinds; then things change."""
    rng = Random(seed)
    places = tuple(
        location(f"W{n}", _somewhere(rng), daily_capacity=rng.choice((None, 2, 3)))
        for n in range(5)
    )
    waves = Waves(places, _rules(rng), Threshold(rng.choice((1, 50)), 0))
    for sku in "ABC":
        waves.stock({sku: {p.location_id: rng.randint(0, 2) for p in places}})
    for n in range(9):
        lines = [line(str(i), sku, rng.randint(1, 2)) for i, sku in enumerate(rng.sample("ABC", 2))]
        groups = to("x", _somewhere(rng)).ship_groups
        waves.route(order(f"ord_{n}", *lines, ship_groups=groups))
    for _ in range(3):
        key = f"{rng.choice('ABC')}@{rng.choice(places).location_id}"
        position = waves.ledger.positions[key]
        waves.ledger.positions[key] = replace(position, on_hand=position.on_hand + 1)
    if rng.random() < 0.2:
        waves.close(rng.choice(places).location_id)
    if rng.random() < 0.3:
        waves.rules = _rules(rng)
    return waves


def _somewhere(rng: Random) -> Coordinates:
    return Coordinates(rng.uniform(30, 45), rng.uniform(-120, -75))


def _rules(rng: Random) -> RuleSet:
    fences = Fences(
        max_splits=rng.choice((None, 1)),
        ship_complete=rng.random() < 0.2,
        min_routing_stock=rng.choice((0, 0, 2)),
    )
    weights = Weights(
        parcel=rng.choice((1_000_000, 450)),
        capacity=rng.choice((0, 700)),
        last_unit=rng.choice((0, 0, 90)),
    )
    passes = rng.choice(((), (Pass("whole", max_splits=0), Pass("any"))))
    sale = Rule("sale", Change(parcel=-300), where=Where(locations=frozenset({"W1"})))  # type: ignore[arg-type]
    return RuleSet("v1", weights, fences, passes, rng.choice(((), (sale,))))


def assert_made_again(waves: Waves) -> Iterable[RoutingDecision]:
    decisions = made_by(waves)
    for decision in decisions:
        assert check(decision, waves.archive) == {}, decision.id
    return decisions


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_every_decision_of_a_replan_is_made_again_to_the_byte(seed: int) -> None:
    waves = crowd(seed)
    waves.replan(commit=True)
    waves.replan(commit=True)
    for decision in assert_made_again(waves):
        assert decision.by_solver is False


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_with_the_solver_too(seed: int) -> None:
    waves = crowd(seed)
    waves.polish = Mip()
    waves.replan(commit=True)
    assert_made_again(waves)


def test_the_random_lives_do_move_together_split_and_leave_closed_places() -> None:
    # Otherwise the tests above would say little.
    seen: Counter[str] = Counter()
    for seed in range(40):
        waves = crowd(seed)
        report = waves.replan(commit=True)
        for one in assert_made_again(waves):
            seen["decisions"] += 1
            seen["split"] += len(one.chosen) > 1
            seen["kept a parcel"] += len(one.chosen) > len(_new(one))
            seen["runner-up"] += one.runner_up is not None
            seen["a pass"] += bool(one.pass_name)
            seen["closed"] += "is closed" in one.why
        seen["together"] += any(len(bundle.moves) > 1 for bundle in report.bundles)
    missing = {"decisions", "split", "kept a parcel", "runner-up", "a pass", "closed", "together"}
    assert {name for name in missing if not seen[name]} == set(), seen


def _new(one: RoutingDecision) -> list[str]:
    """Parcels whose work came after the work that ended."""
    last = max(int(name.rpartition("-")[2]) for name in one.replaces)
    ids = [str(parcel["fulfillment_order_id"]) for parcel in one.chosen]
    return [name for name in ids if int(name.rpartition("-")[2]) > last]


@pytest.mark.parametrize("seed", range(25))
def test_the_record_adds_up_and_names_the_live_work(seed: int) -> None:
    waves = crowd(seed)
    waves.replan(commit=True)
    for one in made_by(waves):
        assert one.cost == sum(int(str(parcel["cost"])) for parcel in one.chosen)
        for parcel in one.chosen:
            assert parcel["cost"] == sum(parcel["terms"].values())  # type: ignore[attr-defined]
            work = waves.ledger.works[str(parcel["fulfillment_order_id"])]
            assert (work.location_id, work.status) == (parcel["location_id"], "assigned")
            assert sum(x.quantity for x in work.lines) <= int(str(parcel["units"]))
        shown = {x["location_id"]: x for x in one.candidates}
        assert all(shown[parcel["location_id"]]["reason"] for parcel in one.chosen)
        assert one.bound <= one.cost
        assert one.milliseconds > 0


def unpromised() -> Waves:
    """The peak, with a third mug in Boston, and nobody was told a day."""
    waves = peak()
    waves.stock({"MUG": {"BOSTON": 1}})
    for name, work in waves.ledger.works.items():
        waves.ledger.works[name] = changed(work, delivers_by=None)
    return waves


def test_the_record_is_priced_in_what_the_others_leave() -> None:
    waves = peak()
    waves.replan(commit=True)
    one = waves.ledger.decisions["ord_b-sg1-2"]
    # The mug of Dallas went to Vernal in the same run, so there is nobody else.
    assert [x["location_id"] for x in one.candidates] == ["RENO"]
    assert (one.candidates[0]["reason"], one.runner_up) == ("chosen", None)
    waves = unpromised()
    waves.replan(commit=True)
    one = waves.ledger.decisions["ord_b-sg1-2"]
    assert [x["location_id"] for x in one.candidates] == ["RENO", "BOSTON"]
    assert one.runner_up is not None
    assert one.runner_up["without"] == "RENO"
    assert int(str(one.runner_up["extra"])) > 0


def test_a_run_is_one_object_that_is_there_before_its_first_commit() -> None:
    waves = peak()
    routed = len(solves(waves))
    before: list[int] = []
    waves.ledger.before = lambda commit: before.append(len(solves(waves)) - routed)
    waves.replan()
    assert solves(waves)[routed:] == []
    waves.replan(commit=True)
    assert before == [1]
    (solve,) = {one.evidence.solve for one in made_by(waves)}
    assert solves(waves)[routed:] == [f"decisions/{solve}"]
    # Where nothing moves nothing is kept.
    waves.replan(commit=True)
    assert len(solves(waves)) == routed + 1


def test_when_the_archive_fails_work_is_moved_and_the_decision_says_so() -> None:
    waves = peak()
    waves.objects.refuse = Busy("slow down")
    report = waves.replan(commit=True)
    assert len(report.moves) == 2 and "slow down" in report.unkept[0]
    for one in made_by(waves):
        assert one.evidence.kept is False and one.candidates
        with pytest.raises(NotReplayable, match="were not kept"):
            check(one, waves.archive)


def test_of_a_run_of_which_one_bundle_was_refused_the_others_are_made_again() -> None:
    waves = Waves()
    for sku in ("MUG", "CUP"):
        waves.stock({sku: {"DALLAS": 1}})
    waves.route(to("ord_a", SACRAMENTO, "MUG"), to("ord_b", SACRAMENTO, "CUP"))
    waves.stock({"MUG": {"RENO": 1}, "CUP": {"RENO": 1}})

    def before(commit: Commit) -> None:
        waves.ledger.before = lambda _: None
        raise CommitRefused((Conflict("order", "x", None),))

    waves.ledger.before = before
    waves.replan(commit=True)
    assert [one.order_id for one in assert_made_again(waves)] == ["ord_b"]


def test_why_tells_the_plan_and_the_second_best() -> None:
    waves = unpromised()
    waves.replan(commit=True)
    one = waves.ledger.decisions["ord_b-sg1-2"]
    answer = ask_why(one, waves.archive)
    assert answer.differs == {} and answer.why.verdict == "chosen"
    assert answer.why.text.startswith(one.why)
    assert "Without RENO the best plan costs" in answer.why.text
    assert answer.why == ask_why(one, waves.archive, "RENO").why


def test_why_not_knows_that_others_have_the_stock() -> None:
    waves = peak()
    waves.replan(commit=True)
    one = waves.ledger.decisions["ord_a-sg1-2"]
    found = ask_why(one, waves.archive, "RENO").why
    # Reno's mug went to Sacramento, in the same run.
    assert (found.verdict, found.units) == ("no_stock", (0, 1))
    assert [(x.parameter, x.after) for x in found.changes] == [("stock", {"MUG": 1})]


def test_why_not_knows_what_was_promised() -> None:
    waves = Waves()
    waves.stock({"MUG": {"DALLAS": 1}})
    waves.route(to("ord_b"))
    work = waves.ledger.works["ord_b-1"]
    assert work.delivers_by
    waves.ledger.works["ord_b-1"] = changed(work, delivers_by=work.delivers_by - timedelta(days=1))
    waves.stock({"MUG": {"RENO": 1, "BOSTON": 1}})
    waves.replan(commit=True)
    (one,) = assert_made_again(waves)
    assert [parcel["location_id"] for parcel in one.chosen] == ["RENO"]
    found = ask_why(one, waves.archive, "BOSTON").why
    assert found.fences == {"would arrive after it was promised": ["MUG"]}
    # Dallas, where it was, might have kept it.
    assert not ask_why(one, waves.archive, "DALLAS").why.fences


def test_a_parcel_that_stays_may_stay_although_its_place_is_fenced_by_now() -> None:
    waves = Waves()
    waves.stock({"MUG": {"DALLAS": 1}, "CUP": {"BOSTON": 1}})
    waves.route(to("ord_a", SACRAMENTO, "MUG", "CUP"))
    waves.stock({"MUG": {"RENO": 1}})
    out = Rule("out", Change(exclude=True), where=Where(locations=frozenset({"BOSTON"})))  # type: ignore[arg-type]
    waves.rules = RuleSet(rules=(out,))
    waves.replan(commit=True)
    (one,) = assert_made_again(waves)
    ids = {x["location_id"]: x["fulfillment_order_id"] for x in one.chosen}
    stays = next(w.id for w in waves.ledger.works.values() if w.location_id == "BOSTON")
    assert ids == {"RENO": "ord_a-3", "BOSTON": stays}
    shown = {x["location_id"]: x["reason"] for x in one.candidates}
    assert shown["BOSTON"] == "chosen"


def by_solver(waves: Waves) -> tuple[Inputs, RoutingDecision]:
    """A decision of a run, as if only the solver had found its plan."""
    waves.replan(commit=True)
    one = made_by(waves)[-1]
    return replace(inputs_of(one, waves.archive), by_solver=True), replace(one, by_solver=True)


def test_a_solvers_plan_is_taken_from_the_record_and_priced_again() -> None:
    waves = peak()
    inputs, one = by_solver(waves)
    _, made = played(inputs, one.order_id, one.ship_group_id)
    assert as_bytes(facts(made)) == as_bytes(said(one))
    # Another plan on record is taken as well, and comes out otherwise.
    goes = tuple(replace(x, goes=x.present) for x in inputs.assigned)
    stays = again(replace(inputs, assigned=goes))
    assert [stays.contents(n) for n in range(2)] == [case.present for case in stays.cases]


def test_who_would_have_been_chosen_alone_is_told_so() -> None:
    waves = unpromised()
    inputs, _ = by_solver(waves)
    # As if the plan had sent Sacramento's mug from Boston, and left Reno's to nobody.
    boston, dallas = ({LocationId(place): {"1": 1}} for place in ("BOSTON", "DALLAS"))
    goes = tuple(
        replace(x, goes=boston if one.order_id == "ord_b" else dallas)
        for one, x in zip(inputs.demands, inputs.assigned, strict=True)
    )
    at, made = played(replace(inputs, assigned=goes), "ord_b", "sg1")
    found = why_not(at, LocationId("RENO"), made.plan)
    assert (found.verdict, found.changes) == ("not_best", ())
    assert found.text.endswith(TOGETHER)
    assert found.alternative is not None and found.alternative.extra < 0


def test_a_solvers_plan_that_may_not_be_says_so() -> None:
    waves = peak()
    inputs, one = by_solver(waves)
    out = Rule("out", Change(exclude=True), where=Where(locations=frozenset({"RENO"})))  # type: ignore[arg-type]
    fenced = replace(inputs, rules=replace(inputs.rules, rules=(out,)))
    _, made = played(fenced, one.order_id, one.ship_group_id)
    assert made.plan.outcome == "not allowed: fence"


def test_everything_that_a_replan_says_of_a_plan_is_compared() -> None:
    waves = peak()
    waves.replan(commit=True)
    one = made_by(waves)[0]
    _, made = played(inputs_of(one, waves.archive), one.order_id, one.ship_group_id)
    assert set(facts(made)) == set(COMPARED)
    told = check(replace(one, cost=one.cost + 1), waves.archive)
    assert told == {"cost": [str(one.cost + 1), str(one.cost)]}


def test_a_full_location_lends_its_slot_on_record_too() -> None:
    places = (location("RENO", RENO, daily_capacity=1), *Waves().places[1:])
    # Without pacing: a slot more would be used ahead of the day, too.
    waves = Waves(places, RuleSet(weights=Weights(capacity=0)))
    waves.stock({"MUG": {"RENO": 5, "DALLAS": 5}})
    waves.route(to("ord_a", VERNAL), to("ord_b"))
    waves.replan(commit=True)
    one = waves.ledger.decisions["ord_a-sg1-2"]
    reasons = {x["location_id"]: x["reason"] for x in one.candidates}
    assert reasons == {"DALLAS": "chosen", "RENO": "no capacity left today"}
    found = ask_why(one, waves.archive, "RENO").why
    assert [x.parameter for x in found.changes] == ["capacity"]


@pytest.mark.slow
@pytest.mark.parametrize("hash_seed", ["1", "4711"])
def test_another_process_with_another_hash_seed_makes_the_same_bytes(hash_seed: str) -> None:
    lives = [crowd(seed) for seed in range(12)]
    for waves in lives:
        waves.replan(commit=True)
    decisions = [to_plain(one) for waves in lives for one in made_by(waves)]
    objects = {key: body.hex() for waves in lives for key, body in waves.objects.stored.items()}
    assert played_elsewhere(decisions, objects, hash_seed) == ("", str(len(decisions)))
