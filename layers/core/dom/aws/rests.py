"""`dom.model.rests.Rests`: items `rest#<name>` of the Inbox table, which expire by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from dom.aws.dynamo import marshal, unmarshal
from dom.errors import Busy
from dom.http.client import Failing, Unanswered
from dom.model.clock import Clock, from_text, system_clock, to_text
from dom.model.rests import WELL, Health, Rests, rest_after

# Who has not failed for a day has not failed in a row.
KEPT = timedelta(days=1)


@contextmanager
def careful(name: str, rests: Rests, clock: Clock) -> Iterator[None]:
    """Around what is sent to an account. Busy at once, while it rests.

    Only what its host could not do counts, or did not answer: whatever else is wrong is ours.
    """
    known, now = rests.health(name), clock()
    if known.resting_until and known.resting_until > now:
        raise Busy(f"{name} rests until {known.resting_until:%H:%M:%S} UTC")
    try:
        yield
    except (Failing, Unanswered) as error:
        rest = rest_after(known.failures + 1, getattr(error, "asked", timedelta()))
        until = clock() + rest if rest else None
        rests.failed(name, known, Health(known.failures + 1, until))
        raise
    if known.failures:
        rests.recovered(name)


@dataclass(frozen=True, slots=True)
class DynamoRests:
    """The health of accounts."""

    dynamodb: Any
    table: str
    clock: Clock = system_clock

    def health(self, name: str) -> Health:
        """See the port."""
        found = self.dynamodb.get_item(TableName=self.table, Key=_key(name)).get("Item")
        item = unmarshal(found) if found else {}
        if item.get("expires_at", 0) <= self.clock().timestamp():
            return WELL
        until = item.get("resting_until")
        return Health(int(item["failures"]), from_text(until) if until else None)

    def failed(self, name: str, known: Health, then: Health) -> None:
        """See the port."""
        until = to_text(then.resting_until) if then.resting_until else ""
        now = self.clock()
        values = {
            ":known": known.failures,
            ":then": then.failures,
            ":until": until,
            ":now": int(now.timestamp()),
            ":expires": int((now + KEPT).timestamp()),
        }
        try:
            self.dynamodb.update_item(
                TableName=self.table,
                Key=_key(name),
                UpdateExpression="SET failures = :then, resting_until = :until,"
                " expires_at = :expires",
                # Expired items may lie there for days before DynamoDB removes them.
                ConditionExpression="attribute_not_exists(failures) OR failures = :known"
                " OR expires_at <= :now",
                ExpressionAttributeValues=marshal(values),
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException:
            return

    def recovered(self, name: str) -> None:
        """See the port."""
        self.dynamodb.delete_item(TableName=self.table, Key=_key(name))


def _key(name: str) -> Any:
    return marshal({"key": f"rest#{name}"})
