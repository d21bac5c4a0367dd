"""AWS in one process: moto behind DynamoDB, S3 and secrets, stand-ins for what carries messages.

Every call of every client passes here, is numbered, and may meet a fault. What a stand-in answers
is what AWS answers, also where an emulator is kinder.
"""

from __future__ import annotations

import copy
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import boto3
from dom.notify.templates import MESSAGES
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.comparisons import get_filter_expression
from moto.dynamodb.models import dynamodb_backends
from support.tables import REGION

Json = dict[str, Any]
Answer = tuple[SimpleNamespace, Json]
_READS = {
    *("GetItem", "BatchGetItem", "Query", "GetSecretValue", "GetObject"),
    *("GenerateDataKey", "Decrypt"),
}
ENDED = ("FulfillmentOrderRejected", "FulfillmentOrderExpired", "FulfillmentOrderCancelled")


@dataclass(frozen=True)
class Call:
    """One call of a worker: `number` counts from 1; `name` such as `dynamodb.GetItem`."""

    number: int
    invocation: int
    worker: str
    name: str
    params: Mapping[str, Any]

    def __str__(self) -> str:
        return f"call {self.number}: {self.worker} {self.name}"

    @property
    def leaves_traces(self) -> bool:
        """Whether anybody could notice that it was made."""
        return self.name.split(".")[1] not in _READS

    def tables(self) -> set[str]:
        """DynamoDB tables that it touches."""
        writes = [next(iter(one.values())) for one in self.params.get("TransactItems", [])]
        named = {one["TableName"] for one in (self.params, *writes) if "TableName" in one}
        return named | set(self.params.get("RequestItems", {}))


class Fault:
    """What goes wrong: nothing, here."""

    def before(self, call: Call) -> Answer | None:
        """Called before the call is made; may answer instead of AWS, or raise."""

    def after(self, call: Call) -> None:
        """Called when it was made and nobody has seen the answer; may raise."""


def answer(**parsed: Any) -> Answer:
    """A good answer."""
    return SimpleNamespace(status_code=200), {"ResponseMetadata": {"HTTPStatusCode": 200}, **parsed}


def error(code: str, **parsed: Any) -> Answer:
    """AWS says no."""
    meta = {"ResponseMetadata": {"HTTPStatusCode": 400, "RequestId": "r"}}
    told = {"Error": {"Code": code, "Message": f"{code} (by the test)"}}
    return SimpleNamespace(status_code=400), {**meta, **told, **parsed}


@dataclass
class Message:
    """A message of a queue, and how often it was received."""

    id: str
    body: str
    receives: int = 0


@dataclass
class Execution:
    """One run of the state machine: what it waits for, with which token, and how it ended."""

    name: str
    awaited: str = "acceptance"
    token: str = ""
    attempts: int = 0
    ended: str = ""


@dataclass
class Aws:
    """The stand-ins' state, the numbered calls, and the fault that they meet."""

    fault: Fault = field(default_factory=Fault)
    worker: str = ""
    invocation: int = 0
    calls: list[Call] = field(default_factory=list)
    queues: dict[str, list[Message]] = field(default_factory=lambda: defaultdict(list))
    events: list[Json] = field(default_factory=list)
    letters: list[Json] = field(default_factory=list)
    executions: dict[str, Execution] = field(default_factory=dict)
    tasks: list[Execution] = field(default_factory=list)
    _params: Mapping[str, Any] = field(default_factory=dict)

    def put(self, queue: str, body: str) -> str:
        """Put a message into a queue; its id."""
        self._sent = getattr(self, "_sent", 0) + 1
        self.queues[queue].append(Message(f"m{self._sent}", body))
        return f"m{self._sent}"

    def provide(self, params: Mapping[str, Any], **_: Any) -> None:
        """Hook: the parameters of the next call, as the code gave them."""
        self._params = params

    def before(self, model: Any, **_: Any) -> Answer | None:
        """Hook: number the call, let the fault have it, answer for a stand-in."""
        name = f"{model.service_model.service_name}.{model.name}"
        if self.worker:
            self.calls.append(self._call(name))
            if refused := self.fault.before(self.calls[-1]):
                return refused
        stand_in = _STAND_INS.get(name)
        return stand_in(self, self._params) if stand_in else None

    def _call(self, name: str) -> Call:
        number = len(self.calls) + 1
        return Call(number, self.invocation, self.worker, name, self._params)

    def after(self, **_: Any) -> None:
        """Hook: the call was made."""
        if self.worker:
            self.fault.after(self.calls[-1])


def _send(aws: Aws, params: Mapping[str, Any]) -> Answer:
    queue = params["QueueUrl"].rsplit("/", 1)[1]
    return answer(MessageId=aws.put(queue, params["MessageBody"]))


def _send_batch(aws: Aws, params: Mapping[str, Any]) -> Answer:
    queue = params["QueueUrl"].rsplit("/", 1)[1]
    assert 0 < len(params["Entries"]) <= 10
    sent = [
        {"Id": one["Id"], "MessageId": aws.put(queue, one["MessageBody"])}
        for one in params["Entries"]
    ]
    return answer(Successful=sent, Failed=[])


def _put_events(aws: Aws, params: Mapping[str, Any]) -> Answer:
    assert 0 < len(params["Entries"]) <= 10
    for entry in params["Entries"]:
        detail = json.loads(entry["Detail"])
        aws.events.append(detail)
        if entry["DetailType"] in MESSAGES:
            body = {"source": "dom", "detail-type": entry["DetailType"], "detail": detail}
            aws.put("NotifyQueue", json.dumps(body))
    return answer(FailedEntryCount=0, Entries=[{"EventId": "e"} for _ in params["Entries"]])


def _start(aws: Aws, params: Mapping[str, Any]) -> Answer:
    """An open execution of that name and input is simply named again; an ended one refuses."""
    name = params["name"]
    found = aws.executions.get(name)
    if found and found.ended:
        return error("ExecutionAlreadyExists")
    if not found:
        aws.executions[name] = Execution(name)
        aws.tasks.append(aws.executions[name])
    return answer(executionArn=f"arn:{name}")


def _waiting(aws: Aws, token: str) -> Execution | None:
    running = (one for one in aws.executions.values() if not one.ended)
    return next((one for one in running if one.token == token), None)


def _task_success(aws: Aws, params: Mapping[str, Any]) -> Answer:
    found = _waiting(aws, params["taskToken"])
    if found is None:
        return error("TaskTimedOut")
    found.token, found.attempts = "", 0
    if found.awaited == "shipment":
        found.ended = "Shipped"
    else:
        found.awaited = "shipment"
        aws.tasks.append(found)
    return answer()


def _task_failure(aws: Aws, params: Mapping[str, Any]) -> Answer:
    found = _waiting(aws, params["taskToken"])
    if found is None:
        return error("TaskTimedOut")
    found.token, found.ended = "", "Rerouted" if params["error"] in ENDED else "FAILED"
    return answer()


def _send_email(aws: Aws, params: Mapping[str, Any]) -> Answer:
    aws.letters.append(dict(params))
    return answer(MessageId=f"mail-{len(aws.letters)}")


def _get_item(aws: Aws, params: Mapping[str, Any]) -> Answer:
    found = _stored(params["TableName"], params["Key"])
    return answer(Item=found) if found else answer()


def _batch_get(aws: Aws, params: Mapping[str, Any]) -> Answer:
    wanted = params["RequestItems"].items()
    assert all(0 < len(one["Keys"]) <= 100 for _, one in wanted)
    found = {table: [_stored(table, key) for key in one["Keys"]] for table, one in wanted}
    responses = {table: [item for item in items if item] for table, items in found.items()}
    return answer(Responses=responses, UnprocessedKeys={})


def _transact(aws: Aws, params: Mapping[str, Any]) -> Answer:
    """All conditions are looked at before anything is written, as DynamoDB does it."""
    writes = [(kind, one) for item in params["TransactItems"] for kind, one in item.items()]
    assert 0 < len(writes) <= 100
    reasons = [_reason(one) for _, one in writes]
    if any(reason["Code"] != "None" for reason in reasons):
        return error("TransactionCanceledException", CancellationReasons=reasons)
    for kind, one in writes:
        _write(kind, one)
    return answer()


def _write(kind: str, one: Mapping[str, Any]) -> None:
    names, values = (one.get(f"ExpressionAttribute{x}") for x in ("Names", "Values"))
    if kind == "Put":
        _moto().put_item(one["TableName"], one["Item"])
    elif kind == "Update":
        update = one["UpdateExpression"]
        _moto().update_item(one["TableName"], one["Key"], update, names, values)
    elif kind == "Delete":
        _moto().delete_item(one["TableName"], one["Key"])


def _single(kind: str) -> Callable[[Aws, Mapping[str, Any]], Answer]:
    def write(aws: Aws, params: Mapping[str, Any]) -> Answer:
        reason = _reason(params)
        if reason["Code"] != "None":
            return error("ConditionalCheckFailedException", **reason)
        _write(kind, params)
        return answer()

    return write


def _query(aws: Aws, params: Mapping[str, Any]) -> Answer | None:
    """The sweep's index; any other query is moto's."""
    if params.get("IndexName") != "sweep":
        return None
    shard, until = (params["ExpressionAttributeValues"][x]["S"] for x in (":shard", ":until"))
    rows = [
        item
        for part in _moto().tables[params["TableName"]].items.values()
        for item in part.values()
    ]
    held = [row.attrs for row in rows if "sweep_shard" in row.attrs and "sweep_at" in row.attrs]
    due = [x for x in held if x["sweep_shard"].value == shard and x["sweep_at"].value <= until]
    due.sort(key=lambda one: str(one["sweep_at"].value))
    names = ("order_id", "item", "sweep_shard", "sweep_at")
    found = [{name: {"S": one[name].value} for name in names} for one in due]
    return answer(Items=found[: params["Limit"]])


def _reason(write: Mapping[str, Any]) -> Json:
    table = _moto().get_table(write["TableName"])
    whole = write.get("Key") or write["Item"]
    key = {name: whole[name] for name in (table.hash_key_attr, table.range_key_attr) if name}
    found = _moto().get_item(write["TableName"], key)
    names, values = (write.get(f"ExpressionAttribute{x}") for x in ("Names", "Values"))
    condition = get_filter_expression(write.get("ConditionExpression"), names, values)
    if condition.expr(found):
        return {"Code": "None"}
    shown = write.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and found
    old = {"Item": found.to_json()["Attributes"]} if shown else {}
    return {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed", **old}


def _moto() -> Any:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION]


def _stored(table: str, key: Json) -> Json | None:
    """Straight from moto's table: its HTTP layer takes most of the time of these tests."""
    found = _moto().get_item(table, key)
    return copy.deepcopy(found.to_json()["Attributes"]) if found else None


_STAND_INS: Mapping[str, Callable[[Aws, Mapping[str, Any]], Answer | None]] = {
    "dynamodb.PutItem": _single("Put"),
    "dynamodb.UpdateItem": _single("Update"),
    "dynamodb.Query": _query,
    "dynamodb.GetItem": _get_item,
    "dynamodb.BatchGetItem": _batch_get,
    "dynamodb.TransactWriteItems": _transact,
    "sqs.SendMessage": _send,
    "sqs.SendMessageBatch": _send_batch,
    "events.PutEvents": _put_events,
    "stepfunctions.StartExecution": _start,
    "stepfunctions.SendTaskSuccess": _task_success,
    "stepfunctions.SendTaskFailure": _task_failure,
    "ses.SendEmail": _send_email,
}


@contextmanager
def watched(holder: Callable[[], Aws]) -> Iterator[None]:
    """Clients made inside (without a session of their own) pass their calls to `holder()`."""
    boto3.setup_default_session()
    events = boto3.DEFAULT_SESSION.events  # type: ignore[union-attr]
    events.register("provide-client-params", lambda **found: holder().provide(**found))
    events.register("before-call", lambda **found: holder().before(**found))
    events.register("after-call", lambda **found: holder().after(**found))
    try:
        yield
    finally:
        boto3.DEFAULT_SESSION = None
