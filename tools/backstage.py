"""What stands behind the API of a local stack: ledger rows, queues, executions, sent mail."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import quote

import urllib3

from tools.stack import Stack

Json = dict[str, Any]
COUNTS = ("on_hand", "unsellable", "reserved", "safety_stock")


@dataclass(frozen=True)
class Mail:
    """A message that the embedded SES took for delivery."""

    to: tuple[str, ...]
    subject: str
    text: str


@dataclass
class Backstage:
    """Reads of the embedded AWS, for checks only: it never writes."""

    stack: Json
    pool: urllib3.PoolManager = field(default_factory=urllib3.PoolManager)

    def client(self, service: str) -> Any:
        """A boto3 client of the embedded AWS."""
        facts = self.stack
        return Stack(facts["stack"], facts["endpoint"], facts["region"]).client(service)

    @cached_property
    def dynamodb(self) -> Any:
        """The DynamoDB client."""
        return self.client("dynamodb")

    def movements(self, sku: str, location_id: str) -> list[Json]:
        """Ledger rows of one position, of this month and the one before."""
        now = datetime.now(UTC)
        months = {f"{now:%Y-%m}", f"{now.replace(day=1) - timedelta(days=1):%Y-%m}"}
        return [row for month in sorted(months) for row in self._rows(sku, location_id, month)]

    def _rows(self, sku: str, location_id: str, month: str) -> Iterable[Json]:
        partition = f"{quote(sku, safe='')}#{quote(location_id, safe='')}#{month}"
        pages = self.dynamodb.get_paginator("query").paginate(
            TableName=self.stack["tables"]["inventory"],
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": partition}},
            ConsistentRead=True,
        )
        return [item for page in pages for item in page["Items"]]

    def ledger(self, sku: str, location_id: str) -> Counter[str]:
        """The position as its movements sum to: units on hand, unsellable, reserved, safety."""
        total = Counter(dict.fromkeys(COUNTS, 0))
        for row in self.movements(sku, location_id):
            for name in COUNTS:
                total[name] += int(row[name]["N"])
        return total

    def depths(self) -> dict[str, int]:
        """Messages in each queue of the stack, those in flight included."""
        sqs, names = self.client("sqs"), ["ApproximateNumberOfMessages"]
        names.append("ApproximateNumberOfMessagesNotVisible")
        return {
            queue: sum(map(int, self._attributes(sqs, url, names).values()))
            for queue, url in self.stack["queues"].items()
        }

    def _attributes(self, sqs: Any, url: str, names: list[str]) -> dict[str, str]:
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return {name: attributes[name] for name in names}

    def executions(self) -> Counter[str]:
        """Step Functions executions of the stack by status."""
        client, found = self.client("stepfunctions"), Counter[str]()
        for arn in self.stack["state_machines"].values():
            pages = client.get_paginator("list_executions").paginate(stateMachineArn=arn)
            found.update(run["status"] for page in pages for run in page["executions"])
        return found

    def mails(self, to: str) -> list[Mail]:
        """Messages sent to an address, oldest first."""
        url = self.stack["endpoint"].rstrip("/") + "/_ministack/ses/messages"
        sent = json.loads(self.pool.request("GET", url, timeout=30.0).data)["messages"]
        mails = (
            Mail(tuple(message["To"]), message["Subject"], message["BodyText"] or "")
            for account in sent.values()
            for message in account
        )
        return [mail for mail in mails if to in mail.to]
