"""Killed workers, throttled tables, repeats, disorder and poison: the end is always the same.

The deployed functions run in one process (tests/support/pipeline.py); five orders go the whole way
from the webhook to the customer's mail, and every call to AWS is a place where things go wrong.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from moto.dynamodb.models.dynamo_type import LimitedSizeDict
from moto.dynamodb.parsing.validators import ActionCountValidator

for _name, _value in {
    "POWERTOOLS_METRICS_NAMESPACE": "dom",
    "POWERTOOLS_SERVICE_NAME": "test",
    "POWERTOOLS_TRACE_DISABLED": "1",
}.items():
    os.environ.setdefault(_name, _value)

from dom.aws.events import EventBus  # noqa: E402
from dom.aws.reads import batch_get  # noqa: E402
from support.aws_in_process import Answer, Aws, Call, Fault, answer, error, watched  # noqa: E402
from support.intake import SHOP  # noqa: E402
from support.pipeline import CONSUMERS, Batch, Killed, Pipeline, Saved, empty_tables, items, loaded  # noqa: E402
from support.pipeline_story import AHEAD, CHAPTERS, PREFIX, SECRET, WAITS, order_id, play  # noqa: E402
from support.reckoning import assert_sound, result  # noqa: E402
from support.tables import REGION, moto_tables  # noqa: E402

# Refusals and lost answers are tried at every fifth call; deaths at every call.
THIN = 5
URL = "https://sqs.us-east-1.amazonaws.com/123456789012/"
ENVIRONMENT = {
    "INBOUND_QUEUE_URL": f"{URL}InboundQueue",
    "ROUTING_QUEUE_URL": f"{URL}RoutingQueue",
    "CHANGES_QUEUE_URL": f"{URL}ChangesQueue",
    "RAW_BUCKET": "raw",
    "EVENT_BUS": "dom",
    "FULFILLMENT_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:work",
    "SECRETS_PREFIX": PREFIX,
    "SENDER_EMAIL": "shop@example.com",
    "TRACKING_SECRET": "tracking",
    "TRACKING_URL": "https://shop.example/track/",
    "RELEASE_DELAY_SECONDS": "14400",
}
Run = Callable[..., Pipeline]


ACTS = list(CHAPTERS)


@dataclass
class Once(Fault):
    """Something goes wrong at one call, before or after it is made, and never again."""

    number: int
    happens: Callable[[Call], Answer | None]
    made: bool = False
    met: str = ""

    def before(self, call: Call) -> Answer | None:
        return None if self.made else self._meet(call)

    def after(self, call: Call) -> None:
        if self.made:
            self._meet(call)

    def _meet(self, call: Call) -> Answer | None:
        if self.met or call.number != self.number:
            return None
        self.met = str(call)
        return self.happens(call)


def dies(call: Call) -> Answer | None:
    raise Killed


def hears_nothing(call: Call) -> Answer | None:
    raise ReadTimeoutError(endpoint_url=call.name)


def is_refused(call: Call) -> Answer:
    """As AWS refuses when it is busy; the emulators never do."""
    if call.name == "dynamodb.TransactWriteItems":
        reasons = [{"Code": "None"} for _ in call.params["TransactItems"]]
        reasons[-1] = {"Code": "TransactionConflict", "Message": "by the test"}
        return error("TransactionCanceledException", CancellationReasons=reasons)
    if call.leaves_traces and call.name.startswith("dynamodb."):
        return error("TransactionConflictException")
    return error("ThrottlingException")


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """Makes a pipeline on empty tables; one set of clients and functions serves them all."""
    held = SimpleNamespace(pipeline=None)
    clock = SimpleNamespace(now=lambda _: held.pipeline.now, fromisoformat=datetime.fromisoformat)
    with pytest.MonkeyPatch.context() as patch, moto_tables():
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.setattr("dom.model.clock.datetime", clock)
        patch.setattr("dom.aws.transactions.CEILING_SECONDS", 0)
        patch.setattr(ActionCountValidator, "_processing_map", lambda _: {})
        patch.setattr(LimitedSizeDict, "__setitem__", dict.__setitem__)
        patch.setattr(EventBus.__init__, "__defaults__", (lambda _: None,))
        patch.setattr(batch_get, "__defaults__", (True, lambda _: None))
        session = boto3.Session(region_name=REGION)
        session.client("s3").create_bucket(Bucket="raw")
        secrets = session.client("secretsmanager")
        known = json.dumps({"webhook_secrets": [SECRET]})
        secrets.create_secret(Name=f"{PREFIX}/shopify/{SHOP}", SecretString=known)
        secrets.create_secret(Name="tracking", SecretString="k" * 64)
        with loaded() as functions, watched(lambda: held.pipeline.aws):

            def make(fault: Fault | None = None, **rest: Any) -> Pipeline:
                empty_tables()
                held.pipeline = Pipeline(functions, Aws(fault or Fault()), **rest)
                return held.pipeline

            yield make


@dataclass(frozen=True)
class Chapter:
    """An undisturbed chapter: where it began, what it called, where it ended."""

    name: str
    begin: Saved
    calls: list[Call]
    end: dict[str, Any]


@pytest.fixture(scope="module")
def chapters(run: Run) -> dict[str, Chapter]:
    found: dict[str, Chapter] = {}
    saved = Saved.of(run())
    for name in ACTS:
        pipeline = play(saved.restore(run()), name)
        assert (assert_sound(pipeline), pipeline.errors) == (0, [])
        found[name] = Chapter(name, saved, pipeline.aws.calls, result(pipeline))
        saved = Saved.of(pipeline)
    return found


def test_work_that_was_planned_anew_is_one_that_ended_and_one_that_waits(
    chapters: dict[str, Chapter],
) -> None:
    names = ("a fourth waits at a warehouse", "it is planned anew, for stock has come")
    before, after = (chapters[name].end for name in names)
    order = order_id(WAITS)
    assert before["work"][f"{order}-1"][:2] == ("EAST", "assigned")
    assert after["work"][f"{order}-1"][:2] == ("EAST", "cancelled")
    assert after["work"][f"{order}-2"][:2] == ("WEST", "assigned")
    assert after["messages"] == before["messages"]
    assert f"{order}-1" not in after["executions"]


def test_what_is_sold_ahead_waits_until_it_may_leave(chapters: dict[str, Chapter]) -> None:
    before, after = (chapters[name].end for name in ACTS[-2:])
    order = order_id(AHEAD)
    assert before["orders"][order][1] == [{"preordered": 2}]
    assert before["stock"]["GAME#WEST"]["reserved"] == 0
    assert after["orders"][order][1] == [{"allocated": 2}]
    assert after["work"][f"{order}-1"][:2] == ("WEST", "assigned")


def survive(chapter: Chapter, faults: Iterable[Once], run: Run) -> Counter[str]:
    """Play the chapter with each of the faults; what differs from the undisturbed end is shown."""
    seen: Counter[str] = Counter()
    broken: dict[str, str] = {}
    for fault in faults:
        pipeline = chapter.begin.restore(run(fault))
        try:
            play(pipeline, chapter.name)
            seen["unknown messages"] += assert_sound(pipeline)
            assert result(pipeline) == chapter.end
        except AssertionError as failure:
            broken[f"{fault.met} {'made' if fault.made else 'not made'}"] = str(failure)
        assert fault.met
        seen["faults"] += 1
    assert broken == {}
    return seen


def deaths(calls: list[Call]) -> Iterator[Once]:
    """Every moment at which dying makes a difference.

    Before an invocation's first call, and after each call that leaves traces: dying before or after
    a read, or before the next call, is dying after the last trace.
    """
    before = 0
    for call in calls:
        if call.invocation != before:
            yield Once(call.number, dies)
        if call.leaves_traces:
            yield Once(call.number, dies, made=True)
        before = call.invocation


@pytest.mark.parametrize("name", ACTS)
def test_a_worker_killed_between_any_two_steps_loses_and_doubles_nothing(
    name: str, run: Run, chapters: dict[str, Chapter]
) -> None:
    chapter = chapters[name]
    seen = survive(chapter, deaths(chapter.calls), run)
    # A mail of which nobody knows whether it went is left to an operator: two moments for each.
    mails = sum(call.name == "ses.SendEmail" for call in chapter.calls)
    assert seen["unknown messages"] == 2 * mails


@pytest.mark.parametrize("name", ACTS)
def test_an_answer_that_never_came_loses_and_doubles_nothing(
    name: str, run: Run, chapters: dict[str, Chapter]
) -> None:
    chapter = chapters[name]
    faults = [Once(c.number, hears_nothing, made=True) for c in chapter.calls if c.leaves_traces]
    survive(chapter, faults[::THIN], run)


@pytest.mark.parametrize("name", ACTS)
def test_a_call_that_aws_refuses_once_loses_and_doubles_nothing(
    name: str, run: Run, chapters: dict[str, Chapter]
) -> None:
    chapter = chapters[name]
    faults = [Once(call.number, is_refused) for call in chapter.calls]
    survive(chapter, faults[::THIN], run)


@dataclass
class Throttled(Fault):
    """A table takes nothing for so many calls."""

    table: str
    left: int
    code: str

    def before(self, call: Call) -> Answer | None:
        if self.table not in call.tables() or not self.left:
            return None
        self.left -= 1
        if call.name != "dynamodb.TransactWriteItems":
            return error(self.code)
        reasons = [
            {"Code": self.code.removesuffix("Exception")}
            if self.table in str(item)
            else {"Code": "None"}
            for item in call.params["TransactItems"]
        ]
        return error("TransactionCanceledException", CancellationReasons=reasons)


@pytest.mark.parametrize(
    ("table", "calls", "dead"),
    [
        ("OrdersTable", 40, False),
        ("InventoryTable", 60, False),
        ("NetworkTable", 60, False),
        ("InboxTable", 30, False),
        ("InboxTable", 100, True),
    ],
)
def test_a_throttled_table_delays_and_after_redrive_all_is_as_if_nothing_happened(
    table: str, calls: int, dead: bool, run: Run, chapters: dict[str, Chapter]
) -> None:
    chapter = chapters["two orders are placed and released"]
    throttled = Throttled(table, calls, "ProvisionedThroughputExceededException")
    pipeline = chapter.begin.restore(run(throttled))
    play(pipeline, chapter.name)
    assert dead <= any(pipeline.dead_letters.values())
    throttled.left = 0
    pipeline.redrive()
    pipeline.settle()
    assert_sound(pipeline)
    assert result(pipeline) == chapter.end


@dataclass
class NoKeys(Fault):
    """KMS answers nobody for so many calls."""

    left: int

    def before(self, call: Call) -> Answer | None:
        if not call.name.startswith("kms.") or not self.left:
            return None
        self.left -= 1
        return error("ThrottlingException")


@pytest.mark.parametrize(("calls", "dead"), [(4, False), (40, True)])
def test_while_kms_answers_nobody_messages_wait_and_nothing_is_lost(
    calls: int, dead: bool, run: Run, chapters: dict[str, Chapter]
) -> None:
    chapter = chapters["two orders are placed and released"]
    fault = NoKeys(calls)
    pipeline = chapter.begin.restore(run(fault))
    play(pipeline, chapter.name)
    assert dead == any(pipeline.dead_letters.values())
    fault.left = 0
    pipeline.redrive()
    pipeline.settle()
    assert_sound(pipeline)
    assert result(pipeline) == chapter.end


def test_kms_makes_one_key_for_each_order_and_opens_it_for_those_who_do_not_know_it_only(
    chapters: dict[str, Chapter],
) -> None:
    calls = [call for chapter in chapters.values() for call in chapter.calls]
    asked = Counter((call.worker, call.name) for call in calls if call.name.startswith("kms."))
    orders = chapters[ACTS[-1]].end["orders"]
    # All workers are one process here: whoever made the key knows it, and nobody else asks.
    assert asked == {("order_ingest", "kms.GenerateDataKey"): len(orders)}


@dataclass
class Partly(Fault):
    """Batches of which AWS takes only a part, for a while."""

    left: int = 12

    def before(self, call: Call) -> Answer | None:
        if not self.left:
            return None
        self.left -= 1
        match call.name:
            case "events.PutEvents":
                refused = [{"ErrorCode": "ThrottlingException"} for _ in call.params["Entries"]]
                return answer(FailedEntryCount=len(refused), Entries=refused)
            case "sqs.SendMessageBatch":
                failed = [{"Id": one["Id"], "Code": "x"} for one in call.params["Entries"]]
                return answer(Successful=[], Failed=failed)
            case "dynamodb.BatchGetItem":
                return answer(Responses={}, UnprocessedKeys=call.params["RequestItems"])
        self.left += 1
        return None


@pytest.mark.parametrize("name", ACTS)
def test_batches_taken_in_part_are_completed(
    name: str, run: Run, chapters: dict[str, Chapter]
) -> None:
    chapter, partly = chapters[name], Partly()
    pipeline = play(chapter.begin.restore(run(partly)), name)
    assert (assert_sound(pipeline), partly.left) == (0, 0)
    assert result(pipeline) == chapter.end


@pytest.mark.parametrize("seed", range(6))
def test_everything_twice_and_in_any_order_ends_the_same(
    seed: int, run: Run, chapters: dict[str, Chapter]
) -> None:
    # GIVEN deliveries in disorder, many of them twice
    pipeline = play(run(chaos=random.Random(seed)))
    # WHEN afterwards every message and record ever delivered comes once more
    for place, what in list(pipeline.seen):
        if isinstance(what, str):
            pipeline.aws.put(place, what)
        else:
            pipeline.batches[place].append(Batch([what]))
    pipeline.settle()
    # THEN it is as if each had come once
    assert assert_sound(pipeline) == 0
    assert result(pipeline) == chapters[ACTS[-1]].end


@pytest.mark.parametrize("name", ACTS[1:])
def test_the_sweep_makes_up_for_a_stream_that_lost_everything(
    name: str, run: Run, chapters: dict[str, Chapter]
) -> None:
    chapter = chapters[name]
    pipeline = chapter.begin.restore(run(lossy=frozenset({"OrdersTable"})))
    play(pipeline, name)
    assert assert_sound(pipeline) == 0
    assert result(pipeline) == chapter.end


POISON = ("not json", "null", "[]", "{}", '{"order_id": null}', '{"detail": {}}', "\ud800")


@pytest.mark.parametrize("queue", CONSUMERS)
def test_poison_ends_alone_and_its_neighbors_go_on(
    queue: str, run: Run, chapters: dict[str, Chapter]
) -> None:
    chapter = chapters["two orders are placed and released"]
    pipeline = chapter.begin.restore(run())
    for poison in POISON:
        pipeline.aws.put(queue, poison)
    play(pipeline, chapter.name)
    assert result(pipeline) == chapter.end
    # THEN it stands where an operator finds it, and nothing else does
    dead = pipeline.dead_letters.pop(queue, [])
    assert {one.body for one in dead} <= set(POISON)
    parked = sum(item["key"]["S"].startswith("parked#") for item in items("InboxTable"))
    passed = 1 if queue in ("RoutingQueue", "ChangesQueue") else 0  # an order that is not there
    assert len(dead) + parked + passed == len(POISON)
    assert_sound(pipeline)
