"""One contract for runs of files, in memory and in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import boto3
import pytest
from dom.aws.feed_store import FeedRuns, FeedSources
from dom.errors import NotFound, Outdated
from dom.model.feed_source import FeedRun, Gate, RunStatus, Tally
from support.builders import NOW
from support.feed_files import FakeRuns, source
from support.tables import REGION, moto_tables

Runs = FakeRuns | FeedRuns
RUN = FeedRun("wms", "20260302T093000-a", "in/wms/a.csv", "etag", NOW, source(), digest="d")


@pytest.fixture(params=["memory", "dynamodb"])
def runs(request: pytest.FixtureRequest) -> Iterator[Runs]:
    if request.param == "memory":
        yield FakeRuns()
        return
    with moto_tables() as environment:
        client = boto3.client("dynamodb", region_name=REGION)
        yield FeedRuns(client, environment["INVENTORY_TABLE"], lambda: NOW)


def other(name: str, **changes: object) -> FeedRun:
    return replace(RUN, run_id=f"20260302T094000-{name}", **changes)  # type: ignore[arg-type]


def test_a_run_is_noted_once(runs: Runs) -> None:
    assert runs.receive(RUN) == RUN
    applied = runs.save(replace(RUN, status=RunStatus.APPLIED))
    assert runs.receive(RUN) == applied == runs.load("wms", RUN.run_id)


def test_a_run_that_nobody_noted_is_not_found(runs: Runs) -> None:
    with pytest.raises(NotFound):
        runs.load("wms", RUN.run_id)


def test_of_two_that_saw_the_same_version_one_is_refused(runs: Runs) -> None:
    runs.receive(RUN)
    made = runs.save(replace(RUN, status=RunStatus.HELD, as_of=NOW, reasons=("a", "b")))
    assert (made.version, runs.load("wms", RUN.run_id)) == (1, made)
    with pytest.raises(Outdated):
        runs.save(replace(RUN, status=RunStatus.FAILED))
    assert runs.load("wms", RUN.run_id).status is RunStatus.HELD


@pytest.mark.parametrize("status", RunStatus)
def test_content_belongs_to_the_first_run_unless_nothing_of_it_was_written(
    runs: Runs, status: RunStatus
) -> None:
    runs.receive(RUN)
    assert (runs.claim(RUN), runs.claim(RUN)) == (RUN.run_id, RUN.run_id)
    runs.save(replace(RUN, status=status))
    later = runs.receive(other("b"))
    written = status not in {RunStatus.REFUSED, RunStatus.DISMISSED}
    assert runs.claim(later) == (RUN.run_id if written else later.run_id)


def test_content_of_another_digest_or_source_is_free(runs: Runs) -> None:
    runs.claim(runs.receive(RUN))
    changed = runs.receive(other("b", digest="e"))
    assert runs.claim(changed) == changed.run_id
    foreign = runs.receive(other("c", source="erp"))
    assert runs.claim(foreign) == foreign.run_id


def test_the_last_applied_file_says_how_many_rows_to_expect(runs: Runs) -> None:
    assert runs.last_rows("wms") is None
    for number, status in enumerate((RunStatus.APPLIED, RunStatus.APPLIED, RunStatus.HELD)):
        run = runs.receive(other(str(number)))
        runs.save(replace(run, status=status, tally=Tally(rows=number + 7)))
    assert (runs.last_rows("wms"), runs.last_rows("erp")) == (8, None)


def test_a_source_comes_back_as_it_was_described_and_is_guarded() -> None:
    with moto_tables() as environment:
        client = boto3.client("dynamodb", region_name=REGION)
        sources = FeedSources(client, environment["NETWORK_TABLE"])
        made = source(gate=Gate(rows_percent=5), locations={"W 1": "RENO"}, version=1)
        assert sources.save(made, None) and not sources.save(made, None)
        assert sources.find("wms") == made
        again = replace(made, complete=True, version=2)
        assert sources.save(again, made) and not sources.save(again, made)
        assert sources.all() == [again]
        sources.remove("wms")
        assert sources.find("wms") is None


def test_runs_are_forgotten() -> None:
    with moto_tables() as environment:
        client = boto3.client("dynamodb", region_name=REGION)
        FeedRuns(client, environment["INVENTORY_TABLE"], lambda: NOW).receive(RUN)
        (item,) = client.scan(TableName=environment["INVENTORY_TABLE"])["Items"]
        assert int(item["forget_at"]["N"]) == int((NOW + timedelta(days=90)).timestamp())
