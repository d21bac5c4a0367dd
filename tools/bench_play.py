"""The stage around the functions, in this process: gateway, queues, streams, bus, state machine.

Each source hands over batches as full as template.yaml allows, and counts what AWS would bill for.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from dom.notify.templates import MESSAGES

from tools.bench_meter import Change
from tools.bench_orders import api_call, messages, shopify_order, webhook
from tools.bench_world import World

Json = dict[str, Any]
STREAM_BATCH = 100
# Function and batch size of each queue (template.yaml).
QUEUES = {
    "inbound": ("order_ingest", 10),
    "routing": ("order_routing", 200),
    "changes": ("order_changes", 10),
    "notify": ("notify", 10),
}
TOLD = frozenset(MESSAGES)
# ReleaseAndAwaitAcceptance, AwaitShipment, Shipped, and the start counted as one.
TRANSITIONS = 4


@dataclass
class Play:
    """A world with its stage. `counts` holds requests and units, by what AWS bills."""

    world: World
    counts: Counter[str] = field(default_factory=Counter)
    queues: dict[str, deque[str]] = field(default_factory=lambda: {q: deque() for q in QUEUES})
    waiting: deque[Json] = field(default_factory=deque)
    tokens: dict[str, str] = field(default_factory=dict)
    shipments: int = 0
    _numbers: Iterable[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        """Stand in for every service but DynamoDB, and let the floor have a token."""
        self.world.stubbed = {
            "sqs": self._sqs,
            "events": self._events,
            "stepfunctions": self._steps,
            "ses": lambda *_: self._one("SES messages", {"MessageId": "m"}),
            "secretsmanager": lambda *_: _SECRET,
        }
        self.world.meter.plain.put_item(TableName="TokensTable", Item=_TOKEN)

    def place(self, skus: Iterable[str]) -> None:
        """Each order comes as a webhook of its own."""
        for sku in skus:
            self.counts["API Gateway calls"] += 1
            self.world.invoke("order_intake", webhook(shopify_order(sku)))

    def work(self, action: str) -> None:
        """The floor does this with all work that waits: one API call each.

        Accepting and shipping are hours apart, so the gateway asks the authorizer anew, once.
        """
        self.world.invoke("authorizer", _AUTHORIZE)
        for token, work in sorted(self.tokens.items()):
            self.counts["API Gateway calls"] += 1
            self.world.invoke("fulfillment_api", api_call("POST", f"/fulfillments/{work}/{action}"))
            del self.tokens[token]

    def settle(self) -> None:
        """Hand over until nothing is left to hand over."""
        while any([*self.queues.values(), self.waiting, self.world.meter.changes]):
            self._streams()
            for name in QUEUES:
                self._queue(name)
            while self.waiting:
                self.world.invoke("fulfillment_tasks", self.waiting.popleft())

    def _queue(self, name: str) -> None:
        function, size = QUEUES[name]
        while self.queues[name]:
            batch = [self.queues[name].popleft() for _ in range(min(size, len(self.queues[name])))]
            # Lambda receives ten messages a request and deletes ten a request.
            self.counts["SQS requests"] += 2 * -(-len(batch) // 10)
            self.world.invoke(function, messages(batch))

    def _streams(self) -> None:
        changes, self.world.meter.changes = self.world.meter.changes, []
        self._stream("OrdersTable", "stream_relay", changes, _unrelayed)
        self._stream("NetworkTable", "stream_relay", changes, _described)
        self._stream("InventoryTable", "availability_projector", changes, _stock)

    def _stream(
        self, table: str, function: str, changes: list[Change], passes: Callable[[Change], bool]
    ) -> None:
        records = [self._record(one) for one in changes if one.table == table and passes(one)]
        for start in range(0, len(records), STREAM_BATCH):
            self.world.invoke(function, {"Records": records[start : start + STREAM_BATCH]})

    def _record(self, change: Change) -> Json:
        number = str(next(iter(self._numbers)))
        images = {"OldImage": change.before, "NewImage": change.after}
        return {
            "eventID": number,
            "eventName": "MODIFY" if change.before else "INSERT",
            "eventSourceARN": f"arn:aws:dynamodb:us-east-1:0:table/{change.table}/stream/x",
            "dynamodb": {
                "Keys": change.key,
                "SequenceNumber": number,
                **{name: image for name, image in images.items() if image},
            },
        }

    def _sqs(self, operation: str, asked: Json) -> Json:
        self.counts["SQS requests"] += 1
        queue = self.queues[asked["QueueUrl"].rsplit("/", 1)[1]]
        entries = asked["Entries"] if operation == "SendMessageBatch" else [asked]
        queue.extend(entry["MessageBody"] for entry in entries)
        return {"Successful": [], "Failed": [], "MessageId": "m"}

    def _events(self, operation: str, asked: Json) -> Json:
        entries = asked["Entries"]
        self.counts["EventBridge events"] += sum(-(-len(e["Detail"]) // 65536) for e in entries)
        told = [entry["Detail"] for entry in entries if entry["DetailType"] in TOLD]
        self.queues["notify"].extend(f'{{"detail": {detail}}}' for detail in told)
        # The rule's target sends each of them to the queue: a request of SQS like any other.
        self.counts["SQS requests"] += len(told)
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "e"} for _ in entries]}

    def _steps(self, operation: str, asked: Json) -> Json:
        if operation == "StartExecution":
            self.counts["state transitions"] += TRANSITIONS
            self._await(json.loads(asked["input"])["id"], "acceptance")
            return {"executionArn": "x"}
        work, _, awaited = asked["taskToken"].partition("|")
        if awaited == "acceptance":
            self._await(work, "shipment")
        self.shipments += awaited == "shipment"
        return {}

    def _await(self, work: str, awaited: str) -> None:
        token = f"{work}|{awaited}"
        self.tokens[token] = work
        self.waiting.append({"id": work, "awaited": awaited, "task_token": token})

    def _one(self, name: str, answer: Json) -> Json:
        self.counts[name] += 1
        return answer


_AUTHORIZE = {
    "authorizationToken": "Bearer floor",
    "methodArn": "arn:aws:execute-api:us-east-1:000000000000:api/v1/POST/fulfillments/x/ship",
}
_TOKEN = {
    "token_hash": {"S": hashlib.sha256(b"floor").hexdigest()},
    "name": {"S": "floor"},
    "scopes": {"L": [{"S": "fulfillments:write"}]},
    "location_ids": {"L": []},
}
_SECRET: Json = {"SecretString": json.dumps({"webhook_secrets": ["bench"]})}


def _unrelayed(change: Change) -> bool:
    return bool(change.after.get("unrelayed") == {"N": "1"})


def _described(change: Change) -> bool:
    return bool(change.key["pk"] == {"S": "NETWORK"}) and _unrelayed(change)


def _stock(change: Change) -> bool:
    return bool(change.key["sk"] == {"S": "POSITION"}) or not change.before
