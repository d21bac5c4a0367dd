"""The deployed functions in one process: what Lambda, SQS and Step Functions do between them.

At least once, as AWS has it: who fails or dies gets its messages and records again, up to the
redrive limits of template.yaml, then they are dead letters. A worker that died starts anew.
"""

from __future__ import annotations

import pickle
import random
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from support.aws_in_process import Aws, Execution, Json, Message
from support.builders import NOW
from support.functions import load_function
from support.http import LambdaContext
from support.tables import REGION, held_items, put_back

CONSUMERS = {
    "InboundQueue": ("order_ingest", 10),
    "RoutingQueue": ("order_routing", 200),
    "ChangesQueue": ("order_changes", 10),
    "NotifyQueue": ("notify", 10),
}
STREAMS = {
    "OrdersTable": "stream_relay",
    "NetworkTable": "stream_relay",
    "InventoryTable": "availability_projector",
}
DOORS = ("order_intake", "fulfillment_api", "inventory_sync", "network_api", "replan_api")
FUNCTIONS = {*(name for name, _ in CONSUMERS.values()), *STREAMS.values(), *DOORS}
# As template.yaml has them.
RECEIVES, RECORD_ATTEMPTS, TASK_ATTEMPTS = 5, 11, 9
# Longer than the queues' visibility timeout and the relay's grace.
PAUSE = timedelta(minutes=3, seconds=10)


class Killed(BaseException):
    """The worker is gone. Not an Exception, so that nothing in it can carry on."""


@dataclass
class Request:
    """A request of somebody outside, repeated until it is answered."""

    function: str
    event: Json


@dataclass
class Batch:
    """Stream records that are handed over together."""

    records: list[Json]
    attempts: int = 0


@dataclass
class Pipeline:
    """One run. `floor` says what people ask for next, given the work; `chaos` stirs deliveries."""

    functions: Mapping[str, ModuleType]
    aws: Aws = field(default_factory=Aws)
    now: datetime = NOW
    chaos: random.Random | None = None
    floor: Callable[[], Iterable[Request]] = tuple
    requests: deque[Request] = field(default_factory=deque)
    later: list[tuple[list[Any], Any]] = field(default_factory=list)
    batches: dict[str, list[Batch]] = field(default_factory=lambda: defaultdict(list))
    dead_letters: dict[str, list[Message]] = field(default_factory=lambda: defaultdict(list))
    dead_records: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    asking_again: bool = False
    lossy: frozenset[str] = frozenset()
    errors: list[Exception] = field(default_factory=list)
    seen: list[tuple[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Every worker starts cold."""
        for name in self.functions:
            self._restart(name)

    def settle(self) -> None:
        """Deliver, let time pass and sweep, until nothing is left to do."""
        for _ in range(60):
            self.deliver()
            self.now += PAUSE
            swept = self.invoke("sweeper", {})
            if swept and not swept["due"] and not self.deliver():
                return
        raise AssertionError("the pipeline never becomes quiet")

    def deliver(self) -> int:
        """Hand over all that can be, repeats after a pause included; how many invocations."""
        total = 0
        for _ in range(2000):
            moved = sum(step() for step in self._steps())
            total += moved
            if moved:
                continue
            if not self.later and not self.asking_again:
                return total
            self._return_later()
        raise AssertionError("deliveries never end")

    def invoke(self, name: str, event: Json) -> Any:
        """The function's answer; None when it died or raised."""
        self.aws.worker, self.aws.invocation = name, self.aws.invocation + 1
        try:
            return self.functions[name].handler(event, LambdaContext(name))
        except Killed:
            self._restart(name)
        except Exception as error:  # Lambda reports it and tries again
            self.errors.append(error)
        finally:
            self.aws.worker = ""
        return None

    def redrive(self) -> None:
        """Give all dead letters back, as `tools.redrive` does."""
        for queue, messages in self.dead_letters.items():
            for message in messages:
                self.aws.put(queue, message.body)
        for table, records in self.dead_records.items():
            self.batches[table] += [Batch(list(records))] if records else []
        self.dead_letters.clear()
        self.dead_records.clear()

    def _restart(self, name: str) -> None:
        for attribute, value in vars(self.functions[name]).items():
            if attribute.startswith("_") and hasattr(value, "cache_clear"):
                value.cache_clear()

    def _steps(self) -> Iterator[Callable[[], int]]:
        steps: list[Callable[[], int]] = [self._request]
        steps += [lambda q=queue: self._queue(q) for queue in CONSUMERS]  # type: ignore[misc]
        steps += [lambda t=table: self._stream(t) for table in STREAMS]  # type: ignore[misc]
        steps += [self._task, self._people]
        if self.chaos:
            self.chaos.shuffle(steps)
        return iter(steps)

    def _return_later(self) -> None:
        self.now += PAUSE
        self.asking_again = False
        again, self.later = self.later, []
        for place, what in again:
            place.append(what)

    def _request(self) -> int:
        if not self.requests or self.asking_again:
            return 0
        request = self.requests.popleft()
        reply = self.invoke(request.function, request.event)
        if reply is None or reply["statusCode"] >= 500:
            self.requests.appendleft(request)
            self.asking_again = True
        else:
            assert reply["statusCode"] < 300, reply
        return 1

    def _people(self) -> int:
        """People look at the lists when nothing else they asked for is open."""
        if not self.requests:
            self.requests.extend(self.floor())
        return 0

    def _queue(self, queue: str) -> int:
        function, size = CONSUMERS[queue]
        waiting = self.aws.queues[queue]
        if not waiting:
            return 0
        taken = self._take(waiting, size)
        self.seen += [(queue, message.body) for message in taken]
        event = {"Records": [{"messageId": m.id, "body": m.body} for m in taken]}
        answer = self.invoke(function, event)
        failed = {m.id for m in taken} if answer is None else _failed(answer)
        for message in taken:
            if message.id in failed:
                self._again(queue, message)
        return 1

    def _again(self, queue: str, message: Message) -> None:
        message.receives += 1
        if message.receives < RECEIVES:
            self.later.append((self.aws.queues[queue], message))
        else:
            self.dead_letters[queue].append(message)

    def _stream(self, table: str) -> int:
        self._collect(table)
        batches = self.batches[table]
        if not batches:
            return 0
        batch = batches.pop(0)
        event = {"Records": batch.records}
        answer = self.invoke(STREAMS[table], event)
        again = _rest(batch, answer)
        if again and batch.attempts + 1 >= RECORD_ATTEMPTS:
            self.dead_records[table] += [one for part in again for one in part]
        elif again:
            batches[:0] = [Batch(part, batch.attempts + 1) for part in again]
        return 1

    def _collect(self, table: str) -> None:
        """What changed since it was last looked, as the event source mapping filters it."""
        shard = _tables()[table].stream_shard
        assert shard
        records = [self._record(one, table) for one in _changes(shard.items)]
        shard.items.clear()
        records = [] if table in self.lossy else [one for one in records if _wanted(one, table)]
        self.seen += [(table, record) for record in records]
        if self.chaos:
            records += [one for one in records if self.chaos.random() < 0.3]
            self.chaos.shuffle(records)
        if records:
            self.batches[table].append(Batch(records))

    def _record(self, record: Json, table: str) -> Json:
        self._sequence = getattr(self, "_sequence", 0) + 1
        told = {**record["dynamodb"], "SequenceNumber": f"{self._sequence:021d}"}
        arn = f"arn:aws:dynamodb:{REGION}:{DEFAULT_ACCOUNT_ID}:table/{table}/stream/1"
        return {**record, "dynamodb": told, "eventSourceARN": arn}

    def _task(self) -> int:
        """A task of the state machine; each attempt has a token of its own."""
        if not self.aws.tasks:
            return 0
        run = self.aws.tasks.pop(0)
        run.attempts += 1
        run.token = f"{run.name}/{run.awaited}/{run.attempts}"
        event = {"id": run.name, "awaited": run.awaited, "task_token": run.token}
        answer = self.invoke("fulfillment_tasks", event)
        if answer is None and run.token == event["task_token"] and not run.ended:
            self._task_again(run)  # otherwise it called back before it died
        return 1

    def _task_again(self, run: Execution) -> None:
        if run.attempts < TASK_ATTEMPTS:
            self.later.append((self.aws.tasks, run))
        else:
            run.ended = "FAILED"

    def _take(self, waiting: list[Message], size: int) -> list[Message]:
        if not self.chaos:
            taken = waiting[:size]
            del waiting[:size]
            return taken
        self.chaos.shuffle(waiting)
        taken = waiting[: self.chaos.randint(1, size)]
        del waiting[: len(taken)]
        # Delivered twice: the copy comes some time later.
        twice = [one for one in taken if one.receives == 0 and self.chaos.random() < 0.4]
        waiting += [Message(one.id, one.body, receives=1) for one in twice]
        return taken


def _changes(records: Iterable[Any]) -> Iterator[Json]:
    """moto tells an update that creates an item in two records; AWS in one."""
    bare: set[str] = set()
    for record in (one.to_json() for one in records):
        change, name = record["dynamodb"], str(record["dynamodb"]["Keys"])
        if record["eventName"] == "INSERT" and change["NewImage"] == change["Keys"]:
            bare.add(name)
        elif name in bare:
            bare.remove(name)
            change = {key: value for key, value in change.items() if key != "OldImage"}
            yield {**record, "eventName": "INSERT", "dynamodb": change}
        else:
            yield record


def _failed(answer: Json) -> set[str]:
    return {one["itemIdentifier"] for one in answer["batchItemFailures"]}


def _rest(batch: Batch, answer: Json | None) -> list[list[Json]]:
    """What Lambda hands over again: all from the first failed record on, or halves if it died."""
    records = batch.records
    if answer is None:
        half = len(records) // 2
        return [part for part in (records[:half], records[half:]) if part]
    failed = _failed(answer)
    numbers = [one["dynamodb"]["SequenceNumber"] for one in records]
    first = next((n for n, number in enumerate(numbers) if number in failed), len(records))
    return [records[first:]] if first < len(records) else []


def _wanted(record: Json, table: str) -> bool:
    """The filters of template.yaml."""
    change = record["dynamodb"]
    if table == "InventoryTable":
        in_line = change["Keys"]["pk"]["S"].startswith("LINE#")
        known = change["Keys"]["sk"]["S"] in {"POSITION", "PRODUCT"}
        return in_line or known or record["eventName"] == "INSERT"
    unrelayed = change.get("NewImage", {}).get("unrelayed") == {"N": "1"}
    return unrelayed and (table == "OrdersTable" or change["Keys"]["pk"]["S"] == "NETWORK")


@contextmanager
def loaded() -> Iterator[dict[str, ModuleType]]:
    """Every function, to be used by one pipeline after the other."""
    names = FUNCTIONS | {"fulfillment_tasks", "sweeper"}
    yield {name: load_function(name) for name in sorted(names)}


@dataclass(frozen=True)
class Saved:
    """A quiet pipeline as it was, to go on from it more than once."""

    tables: bytes
    aws: bytes
    now: datetime

    @classmethod
    def of(cls, pipeline: Pipeline) -> Saved:
        """What is stored, published and sent so far; calls and faults are not."""
        aws = {name: getattr(pipeline.aws, name) for name in _KEPT}
        return cls(held_items(), pickle.dumps(aws), pipeline.now)

    def restore(self, pipeline: Pipeline) -> Pipeline:
        """Make the pipeline go on from here."""
        put_back(self.tables)
        for name, value in pickle.loads(self.aws).items():  # noqa: S301 (our own)
            setattr(pipeline.aws, name, value)
        pipeline.now = self.now
        return pipeline


_KEPT = ("events", "letters", "executions")


def _tables() -> dict[str, Any]:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables


def empty_tables() -> None:
    """Forget all items and stream records."""
    for table in _tables().values():
        table.items.clear()
        if table.stream_shard:
            table.stream_shard.items.clear()


def items(table: str) -> list[Json]:
    """All items of a table as typed attributes, without a call that could meet a fault."""
    found = _tables()[table].items
    return [item.to_json()["Attributes"] for part in found.values() for item in _rows(part)]


def _rows(part: Any) -> Sequence[Any]:
    return list(part.values()) if isinstance(part, dict) else [part]
