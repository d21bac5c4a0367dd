"""Subscriptions in the Network table, with how well each goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dom.aws import keys
from dom.aws.dynamo import marshal, unmarshal
from dom.aws.named_items import NamedItems
from dom.model.clock import to_text
from dom.model.subscription import Subscription


class SubscriptionStore(NamedItems[Subscription]):
    """`dom.subscriptions.ports.Subscriptions` on DynamoDB.

    How it goes is counted beside the description: it makes no new version, and what is described
    anew begins anew.
    """

    kind = Subscription
    partition = keys.SUBSCRIPTIONS

    def failed(
        self, found: Subscription, now: datetime, why: str, rest: datetime | None
    ) -> Subscription | None:
        """See the port. Of those that failed side by side one counts: they met one trouble."""
        resting = ", resting_until = :rest" if rest else ""
        values = {
            ":now": to_text(now),
            ":why": why,
            ":one": 1,
            **({":rest": to_text(rest)} if rest else {}),
        }
        answer = self._count(
            found,
            f"SET failing_since = if_not_exists(failing_since, :now), last_failure = :why{resting} "
            "ADD failures :one",
            {**values, ":seen": found.failures},
            " AND (failures = :seen OR attribute_not_exists(failures))",
        )
        return self._read(unmarshal(answer["Attributes"])) if answer else None

    def recovered(self, found: Subscription) -> None:
        """See the port."""
        update = "SET failures = :none, last_failure = :why REMOVE failing_since, resting_until"
        self._count(found, update, {":none": 0, ":why": ""})

    def _count(
        self, found: Subscription, update: str, values: dict[str, Any], unless: str = ""
    ) -> dict[str, Any] | None:
        try:
            answer: dict[str, Any] = self.dynamodb.update_item(
                TableName=self.table,
                Key=marshal(keys.named(self.partition, found.id)),
                UpdateExpression=update,
                ConditionExpression=f"#version = :read{unless}",
                ExpressionAttributeNames={"#version": "version"},
                ExpressionAttributeValues=marshal({**values, ":read": found.version}),
                ReturnValues="ALL_NEW",
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException:
            return None
        return answer
