"""The relay's ports on DynamoDB, SQS, EventBridge and Step Functions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from dom.aws.codec import from_plain
from dom.aws.dynamo import marshal, unmarshal
from dom.aws.events import EventBus
from dom.aws.executions import start_once
from dom.aws.keys import IN_FORCE, RETURN, SWEEP_SHARDS
from dom.aws.queues import Queue
from dom.aws.reads import Plain, batch_get
from dom.errors import Busy
from dom.events import Event
from dom.model.clock import to_text
from dom.model.fulfillment import FulfillmentOrder
from dom.model.order import Order
from dom.model.rma import Return
from dom.model.waiting import Outcome
from dom.relay.steps import LocationNews, Record, RuleSetNews, Start, Unreadable, Unrelayed

# What one run of the sweep takes on: eight shards of this many items.
DUE_PER_SHARD = 50

_NOBODY_WAITS = frozenset({"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})


@dataclass(frozen=True, slots=True)
class OutboxTable:
    """The Orders or Network table, as the relay sees it."""

    dynamodb: Any
    table: str

    def read(self, keys: Sequence[Mapping[str, str]]) -> list[Unrelayed]:
        """Those of the items that exist and have anything to relay."""
        items = batch_get(self.dynamodb, self.table, keys)
        return [found for item in items if (found := _unrelayed(item))]

    def acknowledge(self, item: Unrelayed, called_back: bool) -> None:
        """Note what was relayed; a version that moved on meanwhile has a record of its own.

        Busy when refused for now: the item alone comes again, not its whole batch.
        """
        try:
            self.dynamodb.update_item(
                TableName=self.table,
                Key=marshal(item.key),
                ConditionExpression="#version = :version",
                ExpressionAttributeNames={"#version": "version"},
                **_acknowledgement(item, called_back),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise Busy(f"not acknowledged: {error}") from error

    def due(self, until: datetime) -> list[Mapping[str, str]]:
        """Keys in the sweep index up to that moment, the longest overdue of each shard first."""
        found: list[Mapping[str, str]] = []
        for shard in range(SWEEP_SHARDS):
            answer = self.dynamodb.query(
                TableName=self.table,
                IndexName="sweep",
                KeyConditionExpression="sweep_shard = :shard AND sweep_at <= :until",
                ExpressionAttributeValues=marshal({":shard": str(shard), ":until": to_text(until)}),
                Limit=DUE_PER_SHARD,
            )
            found += [_order_key(unmarshal(item)) for item in answer["Items"]]
        return found

    def postpone(self, item: Unrelayed, until: datetime | None) -> None:
        """Move it in the sweep index (None: out of it), unless it has changed since it was read."""
        change = "REMOVE sweep_shard, sweep_at"
        values: dict[str, object] = {":version": item.version}
        if until:
            change, values = "SET sweep_at = :until", {**values, ":until": to_text(until)}
        with suppress(self.dynamodb.exceptions.ConditionalCheckFailedException):
            self.dynamodb.update_item(
                TableName=self.table,
                Key=marshal(item.key),
                UpdateExpression=change,
                ConditionExpression="#version = :version AND attribute_exists(sweep_shard)",
                ExpressionAttributeNames={"#version": "version"},
                ExpressionAttributeValues=marshal(values),
            )


@dataclass(frozen=True, slots=True)
class AwsReceivers:
    """Bus, queues and state machine."""

    bus: EventBus
    routing: Queue | None = None
    changes: Queue | None = None
    stepfunctions: Any = None
    state_machines: Mapping[str, str] = field(default_factory=dict)

    def publish(self, events: Sequence[Event]) -> Sequence[Event]:
        """Publish; returns those that the bus refused."""
        return self.bus.publish(events)

    def route(self, order_ids: Sequence[str]) -> Sequence[str]:
        """Ask for routing; returns ids that SQS did not take."""
        return self.routing.send_ids("order_id", order_ids) if self.routing else order_ids

    def withdraw(self, order_ids: Sequence[str]) -> Sequence[str]:
        """Ask for cancelled units to be taken back; returns ids that SQS did not take."""
        return self.changes.send_ids("order_id", order_ids) if self.changes else order_ids

    def merge(self, work_ids: Sequence[str]) -> Sequence[str]:
        """Ask for work to be merged; returns ids that SQS did not take."""
        return self.changes.send_ids("merge", work_ids) if self.changes else work_ids

    def start(self, start: Start) -> None:
        """Start the execution of that name, once in all."""
        machine = self.state_machines[start.process]
        start_once(self.stepfunctions, machine, start.name, {"id": start.id})

    def complete(self, token: str, result: Outcome) -> None:
        """Answer the execution that waits with this token."""
        complete(self.stepfunctions, token, result)


def complete(stepfunctions: Any, token: str, result: Outcome) -> None:
    """Success or failure for a waiting task; nobody waiting any more is fine. Busy otherwise."""
    try:
        if result.error:
            stepfunctions.send_task_failure(
                taskToken=token, error=result.error, cause=result.status
            )
        else:
            output = json.dumps({"status": result.status})
            stepfunctions.send_task_success(taskToken=token, output=output)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _NOBODY_WAITS:
            raise Busy(f"cannot complete a task: {error}") from error


def _unrelayed(item: Plain) -> Unrelayed | None:
    key = _order_key(item) if "item" in item else {"pk": item["pk"], "sk": item["sk"]}
    kind = _KINDS.get((item.get("item") or item["sk"]).partition("#")[0])
    if kind is None:
        return None
    record: Record
    try:
        record = from_plain(kind, {"history": [], **item})
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        record = Unreadable(f"cannot read it as {kind.__name__}: {error}")
    return Unrelayed(key, item.get("version", 0), item.get("relayed_seq", 0), record)


_KINDS: dict[str, type[Order | FulfillmentOrder | Return | LocationNews | RuleSetNews]] = {
    "ORDER": Order,
    "FO": FulfillmentOrder,
    RETURN: Return,
    "LOCATION": LocationNews,
    IN_FORCE: RuleSetNews,
}


def _order_key(item: Plain) -> dict[str, str]:
    return {"order_id": item["order_id"], "item": item["item"]}


def _acknowledgement(item: Unrelayed, called_back: bool) -> dict[str, Any]:
    record = item.record
    seq = record.history[-1].seq if record.history else 0
    values: Plain = {":version": item.version, ":seq": seq}
    sets, removes = ["relayed_seq = :seq"], ["unrelayed"]
    due = record.wakes_at if isinstance(record, Order | FulfillmentOrder | Return) else None
    if due:
        sets.append("sweep_at = :due")
        values[":due"] = to_text(due)
    else:
        removes += ["sweep_shard", "sweep_at"]
    if called_back:
        removes.append("task_token")
    expression = f"SET {', '.join(sets)} REMOVE {', '.join(removes)}"
    return {"UpdateExpression": expression, "ExpressionAttributeValues": marshal(values)}


def keys_of(records: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, str]]:
    """The item keys of stream records, by sequence number."""
    return {
        record["dynamodb"]["SequenceNumber"]: unmarshal(record["dynamodb"]["Keys"])
        for record in records
    }
