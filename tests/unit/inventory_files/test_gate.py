"""What a person looks at first, and what of it is written then."""

from __future__ import annotations

import pytest
from dom.api.feed_source_body import GateBody
from dom.errors import IllegalTransition
from dom.inventory.files.gate import weigh
from dom.model.feed_source import Gate, RunStatus, Tally
from support.feed_files import FeedWorld, source

# As the API has it where nothing else is asked for.
GATE = Gate(**GateBody().model_dump())


def stock(units: int, skus: int = 100) -> str:
    rows = [f"S{n:03},RENO,{units}" for n in range(skus)]
    return "\n".join(["sku,location_id,quantity", *rows, ""])


def world_with(units: int = 10, skus: int = 100, **changes: object) -> FeedWorld:
    """A source whose first file was applied; now it is watched."""
    world = FeedWorld()
    assert world.drop(stock(units, skus)).status is RunStatus.APPLIED
    world.by = source(gate=GATE, **changes)
    return world


@pytest.mark.parametrize(
    ("tally", "last", "told"),
    [
        (Tally(rows=49), 100, "49 rows, the last file had 100"),
        (Tally(rows=50), 100, ""),
        (Tally(rows=1), None, ""),
        (Tally(rows=1), 19, ""),
        (Tally(rows=100, rejected=11), None, "11 of 100 rows cannot be used"),
        (Tally(rows=100, rejected=10), None, ""),
        (Tally(rows=19, rejected=19), None, ""),
        (Tally(skus=100, unknown=21), None, "21 of 100 SKUs are unknown"),
        (Tally(positions=100, emptied=21), None, "21 of 100 positions are emptied"),
        (Tally(positions=100, emptied=20), None, ""),
        (Tally(positions=100, changed=100), None, ""),
        (Tally(positions=20, units_before=100, units_after=151), None, "50 % more"),
        (Tally(positions=20, units_before=100, units_after=49), None, "50 % less"),
        (Tally(positions=20, units_before=100, units_after=150), None, ""),
        (Tally(positions=20, units_before=0, units_after=150), None, ""),
    ],
)
def test_each_share_has_its_limit(tally: Tally, last: int | None, told: str) -> None:
    found = weigh(tally, GATE, last)
    assert len(found) == bool(told)
    assert told in "".join(found)


def test_positions_that_change_are_judged_where_somebody_asks_for_it() -> None:
    gate = Gate(changed_percent=30)
    (reason,) = weigh(Tally(positions=100, changed=31), gate, None)
    assert reason == "31 of 100 positions change: over 30 %"


def test_a_file_that_empties_the_shelves_waits_for_a_person() -> None:
    # GIVEN
    world = world_with()
    # WHEN
    run = world.drop(stock(0))
    # THEN nothing is written, and ops hear of it
    assert run.status is RunStatus.HELD
    assert {one.split(":")[0] for one in run.reasons} == {
        "100 of 100 positions are emptied",
        "1,000 units become 0",
    }
    assert set(world.units().values()) == {10}
    assert world.counted["FeedsHeld"] == 1


def test_a_file_that_multiplies_stock_waits_for_a_person() -> None:
    run = world_with().drop(stock(10_000))
    assert run.status is RunStatus.HELD
    assert run.tally.units_after == 1_000_000


def test_a_file_that_was_cut_short_waits_for_a_person() -> None:
    run = world_with().drop(stock(10, 40))
    assert (run.status, run.reasons) == (
        RunStatus.HELD,
        ("40 rows, the last file had 100: over 50 % fewer",),
    )


def test_a_complete_file_that_was_cut_short_would_empty_the_rest() -> None:
    run = world_with(complete=True).drop(stock(10, 60))
    assert (run.status, run.tally.emptied) == (RunStatus.HELD, 40)


def test_what_nobody_heard_of_waits_for_a_person_unless_it_is_described() -> None:
    world = FeedWorld(source(gate=GATE))
    assert world.drop(stock(5)).reasons == ("100 of 100 SKUs are unknown: over 20 %",)
    world.described = {f"S{n:03}" for n in range(100)}
    assert world.drop(stock(5)).status is RunStatus.APPLIED


def test_an_approved_file_is_written_by_its_own_time() -> None:
    # GIVEN a held file that says 0, and 3 units that came after it was made
    world = world_with()
    run = world.drop(stock(0))
    world.by = source()
    world.received("sku,location_id,quantity\nS000,RENO,3\n", "later.csv")
    world.play(max(world.runs.runs.values(), key=lambda one: one.run_id))
    # WHEN a person lets it through
    done = world.approve(run)
    # THEN the newer figure stays
    assert (done.status, done.decided_by) == (RunStatus.APPLIED, "ops")
    assert world.units()["S000"] == 3
    assert {units for sku, units in world.units().items() if sku != "S000"} == {0}


def test_a_dismissed_file_is_never_written() -> None:
    world = world_with()
    run = world.dismiss(world.drop(stock(0)))
    assert (run.status, run.decided_by) == (RunStatus.DISMISSED, "ops")
    assert world.dismiss(run) == run
    with pytest.raises(IllegalTransition):
        world.approve(run)
    assert set(world.units().values()) == {10}


def test_an_applied_file_is_not_applied_again_by_a_person() -> None:
    world = FeedWorld()
    run = world.drop(stock(5))
    with pytest.raises(IllegalTransition):
        world.approve(run)
    with pytest.raises(IllegalTransition):
        world.dismiss(run)
