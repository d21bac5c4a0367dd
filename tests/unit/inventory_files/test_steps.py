"""A file's way: once, whole or not at all before it is applied, and again after any crash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from dom.errors import Busy, InvalidInput, NotFound
from dom.inventory.files import steps
from dom.inventory.files.decide import put_source
from dom.inventory.files.parts import absent_parts, parts_of, said_by
from dom.inventory.files.receive import Dropped, receive
from dom.inventory.files.rows import Row
from dom.model.commit import Commit
from dom.model.feed import FeedMode
from dom.model.feed_source import RunStatus
from dom.model.ids import LocationId, Sku
from dom.model.stock import Cause, StockChange
from support.builders import NOW
from support.feed_files import FeedWorld, source

DELTA = source(mode=FeedMode.DELTA)


def text(*rows: str) -> str:
    return "\n".join(["sku,location_id,quantity", *rows, ""])


def test_a_file_says_what_it_did() -> None:
    world = FeedWorld()
    world.drop(text("MUG,RENO,5", "CUP,RENO,6", "POT,RENO,7"))
    run = world.drop(text("MUG,RENO,5", "CUP,RENO,9", "POT,RENO,0", "PAN,RENO,1"))
    found = run.tally
    assert (found.rows, found.positions, found.changed, found.emptied) == (4, 4, 3, 1)
    assert (found.units_before, found.units_after) == (18, 15)
    assert (found.skus, found.unknown) == (4, 1)
    assert (found.accepted, found.unchanged, found.rejected) == (3, 1, 0)
    assert world.counted["FeedRowsAccepted"] == 3 + 3


def test_the_same_snapshot_again_costs_no_write() -> None:
    world = FeedWorld()
    body = text(*(f"S{n},RENO,{n}" for n in range(1, 200)))
    world.drop(body)
    writes = len(world.ledger.commits)
    run = world.drop(body)
    assert (run.status, run.tally.unchanged) == (RunStatus.APPLIED, 199)
    assert len(world.ledger.commits) == writes


def test_the_same_changes_again_are_refused() -> None:
    world = FeedWorld(DELTA)
    first = world.drop(text("MUG,RENO,5"))
    again = world.drop(text("MUG,RENO,5"), "again.csv")
    assert again.status is RunStatus.REFUSED
    assert first.run_id in again.reasons[0]
    assert world.units() == {"MUG": 5}
    world.drop(text("MUG,RENO,5", ""), "other.csv")
    assert world.units() == {"MUG": 10}


def test_changes_of_a_file_that_was_dropped_may_come_again() -> None:
    world = FeedWorld(replace(DELTA, gate=replace(DELTA.gate, unknown_percent=0, least=1)))
    held = world.drop(text("MUG,RENO,5"))
    assert world.drop(text("MUG,RENO,5")).status is RunStatus.REFUSED
    world.dismiss(held)
    world.by = DELTA
    world.drop(text("MUG,RENO,5"))
    assert world.units() == {"MUG": 5}


def test_changes_of_one_position_add_up_and_keep_their_times() -> None:
    world = FeedWorld(replace(DELTA, columns={"as_of": "at"}))
    times = ["2026-03-02T08:00:00Z", "2026-03-02T08:00:00Z", "2026-03-02T09:00:00Z"]
    rows = [f"MUG,RENO,{n + 1},{at}" for n, at in enumerate(times)]
    run = world.drop("\n".join(["sku,location_id,quantity,at", *rows, ""]))
    assert world.units() == {"MUG": 6}
    assert [one.on_hand for one in world.ledger.books["MUG@RENO"]] == [3, 3]
    assert (run.tally.positions, run.tally.units_after) == (1, 6)


def test_what_left_after_the_file_was_made_is_not_put_back() -> None:
    world = FeedWorld()
    world.drop(text("MUG,RENO,10"))
    change = StockChange(Sku("MUG"), LocationId("RENO"), Cause.SHIPMENT, on_hand=-4)
    world.ledger.commit(Commit("ship", NOW - timedelta(minutes=5), "floor", stock=(change,)))
    made = (NOW - timedelta(minutes=20)).isoformat()
    run = world.drop(text("MUG,RENO,9"), as_of=made)
    assert (run.tally.units_after, world.units()) == (5, {"MUG": 5})


def test_a_complete_file_empties_what_it_does_not_name_at_its_locations() -> None:
    world = FeedWorld()
    world.drop(text("A,RENO,1", "B,RENO,2", "C,BOSTON,3"))
    world.by = source(complete=True)
    run = world.drop(text("A,RENO,1"))
    assert (run.tally.emptied, run.tally.accepted) == (1, 1)
    assert (world.units(), world.units("BOSTON")) == ({"A": 1, "B": 0}, {"C": 3})


def test_a_complete_file_with_bad_rows_empties_nothing_and_says_so() -> None:
    world = FeedWorld()
    world.drop(text("A,RENO,1", "B,RENO,2"))
    world.by = source(complete=True)
    run = world.drop(text("A,RENO,4", "B,RENO,x"))
    assert world.units() == {"A": 4, "B": 2}
    assert run.reasons == ("nothing is emptied, since some rows cannot be used",)


def test_many_parts_are_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_of, "__defaults__", (7,))
    monkeypatch.setattr(absent_parts, "__defaults__", (7,))
    world = FeedWorld(source(complete=True))
    world.drop(text(*(f"S{n:03},RENO,1" for n in range(100))))
    run = world.drop(text(*(f"S{n:03},RENO,{n + 2}" for n in range(50))))
    assert run.parts == 8 + 8
    assert (run.tally.changed, run.tally.emptied) == (100, 50)
    assert sum(world.units().values()) == sum(range(2, 52))


@pytest.mark.parametrize("mode", FeedMode)
@pytest.mark.parametrize("fails_at", range(10))
def test_after_a_crash_anywhere_the_steps_end_the_same(mode: FeedMode, fails_at: int) -> None:
    # GIVEN a store that takes so many writes, and then one whose answer is lost
    world = FeedWorld(source(mode=mode, complete=mode is FeedMode.SNAPSHOT))
    run = world.received(text(*(f"S{n:03},RENO,{n}" for n in range(80))))
    answers = Counter(fails_at)
    for name in ("put", "put_file"):
        setattr(world.filing, name, answers.losing(getattr(world.filing, name)))
    for name in ("save", "claim"):
        setattr(world.runs, name, answers.losing(getattr(world.runs, name)))
    world.ledger.commit = answers.losing(world.ledger.commit)  # type: ignore[method-assign]
    # WHEN it is tried until nothing is lost any more
    while world.runs.load(run.source, run.run_id).open:
        try:
            current = world.runs.load(run.source, run.run_id)
            (world.write if current.status is RunStatus.APPLYING else world.play)(current)
        except Busy:
            continue
    # THEN
    done = world.runs.load(run.source, run.run_id)
    assert (done.status, done.tally.changed) == (RunStatus.APPLIED, 79)
    assert world.units() == {f"S{n:03}": n for n in range(80) if n or mode is FeedMode.SNAPSHOT}
    assert answers.lost


class Counter:
    """Counts down over the answers of several ports, and loses one."""

    def __init__(self, before: int) -> None:
        self.left = before
        self.lost = False

    def losing(self, call: Callable[..., object]) -> Callable[..., object]:
        """The call is made, but nobody hears of it."""

        def made(*arguments: object) -> object:
            answer = call(*arguments)
            self.left -= 1
            if self.left == -1:
                self.lost = True
                raise Busy("no answer")
            return answer

        return made


def test_a_file_told_of_twice_is_one_run() -> None:
    world, started = FeedWorld(), []
    dropped = Dropped("in/wms/a.csv", "e", NOW)
    told = [receive(dropped, world, world.runs, started.append, lambda: NOW) for _ in range(2)]
    assert told[0].run_id == told[1].run_id
    assert len(world.runs.runs) == 1
    # The execution has the run's name: the second start is none.
    assert {one.run_id for one in started} == {told[0].run_id}


def test_a_file_replaced_before_it_was_read_is_refused() -> None:
    world = FeedWorld()
    first = world.received(text("MUG,RENO,5"))
    second = world.received(text("MUG,RENO,6"))
    assert world.play(first).status is RunStatus.REFUSED
    assert world.play(second).status is RunStatus.APPLIED
    assert world.units() == {"MUG": 6}


def test_files_of_a_source_that_is_switched_off_are_refused() -> None:
    world = FeedWorld(source(active=False))
    run = world.received(text("MUG,RENO,5"))
    assert (run.status, run.reasons) == (RunStatus.REFUSED, ("the source is switched off",))


@pytest.mark.parametrize(
    ("key", "error"),
    [("in/nobody/a.csv", NotFound), ("in/a.csv", InvalidInput), ("in/wms/", InvalidInput)],
)
def test_a_file_that_belongs_to_nobody_is_an_error(key: str, error: type[Exception]) -> None:
    world = FeedWorld()
    with pytest.raises(error):
        receive(Dropped(key, "e", NOW), world, world.runs, lambda run: None, lambda: NOW)
    assert world.runs.runs == {}


def test_a_file_is_read_as_its_source_was_described_when_it_came() -> None:
    world = FeedWorld()
    run = world.received(text("MUG,RENO,5"))
    world.by = source(mode=FeedMode.DELTA)
    assert world.play(run).by.mode is FeedMode.SNAPSHOT


def test_a_step_that_fails_leaves_its_reason_and_a_person_may_go_on() -> None:
    world = FeedWorld()
    run = steps.prepared(world.received(text("MUG,RENO,5")), world.desk)
    failed = steps.failed(run, "Sandbox.Timedout", world.desk)
    assert (failed.status, failed.reasons) == (RunStatus.FAILED, ("Sandbox.Timedout",))
    assert steps.failed(failed, "again", world.desk) == failed
    assert world.approve(failed).status is RunStatus.APPLIED
    assert world.units() == {"MUG": 5}


def test_a_source_is_described_anew_under_the_version_that_was_read() -> None:
    class Sources:
        def __init__(self) -> None:
            self.stored = None
            self.races = 1

        def find(self, name: str) -> object:
            return self.stored

        def save(self, wanted: object, previous: object) -> bool:
            if self.races:
                self.races -= 1
                self.stored = source(version=4)
                return False
            self.stored = wanted
            return True

    sources = Sources()
    made = put_source(source(active=False), sources)  # type: ignore[arg-type]
    assert (made.version, sources.stored) == (5, made)
    assert put_source(source(active=False), sources) == made  # type: ignore[arg-type]


def test_rows_of_a_position_stay_in_one_part() -> None:
    rows = [
        Row(n, Sku(f"S{n // 3}"), LocationId("RENO"), 1, NOW + timedelta(minutes=n))
        for n in range(30)
    ]
    said = said_by(rows, FeedMode.DELTA, lambda reject: None)
    parts = list(parts_of(said, 4))
    assert [len(part.rows) for part in parts] == [6, 6, 6, 6, 6]
    assert [len({one.sku for one in part.said()}) for part in parts] == [2] * 5
    assert [one.as_of for part in parts for one in part.said()] == [row.as_of for row in rows]
