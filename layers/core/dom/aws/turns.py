"""`dom.fulfillment.channel_ports.Turns`: short locks in the Inbox table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from dom.aws.dynamo import marshal
from dom.model.clock import Clock, system_clock

# Longer than any function that takes one runs: who died gives back by that.
HELD = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class DynamoTurns:
    """Items `turn#<name>`, which expire by themselves."""

    dynamodb: Any
    table: str
    clock: Clock = system_clock

    def take(self, name: str) -> bool:
        """See the port."""
        now = self.clock()
        item = {"key": f"turn#{name}", "expires_at": int((now + HELD).timestamp())}
        try:
            self.dynamodb.put_item(
                TableName=self.table,
                Item=marshal(item),
                # Expired items may lie there for days before DynamoDB removes them.
                ConditionExpression="attribute_not_exists(#key) OR expires_at < :now",
                ExpressionAttributeNames={"#key": "key"},
                ExpressionAttributeValues=marshal({":now": int(now.timestamp())}),
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def give_back(self, name: str) -> None:
        """See the port."""
        self.dynamodb.delete_item(TableName=self.table, Key=marshal({"key": f"turn#{name}"}))
