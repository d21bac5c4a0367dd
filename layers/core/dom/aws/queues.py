"""SQS: messages sent in batches of ten, and records handled one by one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.errors import Busy

BATCH = 10
# Of a message, and of all in one request:
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
MOST_BYTES = 1_048_576
LONGEST_DELAY = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue."""

    sqs: Any
    url: str

    def send_ids(self, name: str, ids: Sequence[str], delay: timedelta = timedelta()) -> list[str]:
        """Send `{name: id}` for each id, to be received after the delay (15 minutes at most).

        Returns the ids that SQS did not take.
        """
        failed: list[str] = []
        for start in range(0, len(ids), BATCH):
            failed += self._send_batch(name, ids[start : start + BATCH], delay)
        return failed

    def send(self, message: Mapping[str, Any], delay: timedelta = timedelta()) -> None:
        """Send it; it is received after the delay (15 minutes at most). Busy if SQS refuses."""
        seconds = int(delay.total_seconds())
        try:
            self.sqs.send_message(
                QueueUrl=self.url, MessageBody=json.dumps(message), DelaySeconds=seconds
            )
        except (BotoCoreError, ClientError) as error:
            raise Busy(f"not sent: {type(error).__name__}") from error

    def send_all(self, messages: Sequence[Mapping[str, Any]], delay: timedelta) -> None:
        """Send them, to be received after the delay, rounded up (15 minutes at most).

        Busy if SQS did not take all of them; some of them may be on their way then.
        """
        seconds = ceil(min(delay, LONGEST_DELAY).total_seconds())
        for bodies in _batches([json.dumps(message) for message in messages]):
            entries = [
                {"Id": str(n), "MessageBody": body, "DelaySeconds": seconds}
                for n, body in enumerate(bodies)
            ]
            try:
                answer = self.sqs.send_message_batch(QueueUrl=self.url, Entries=entries)
            except (BotoCoreError, ClientError) as error:
                raise Busy(f"not sent: {type(error).__name__}") from error
            if answer.get("Failed"):
                raise Busy(f"{len(answer['Failed'])} of {len(entries)} messages were not taken")

    def _send_batch(self, name: str, ids: Sequence[str], delay: timedelta) -> list[str]:
        seconds = int(delay.total_seconds())
        wait = {"DelaySeconds": seconds} if seconds else {}
        entries: list[dict[str, Any]] = [
            {"Id": str(n), "MessageBody": json.dumps({name: one}), **wait}
            for n, one in enumerate(ids)
        ]
        answer = self.sqs.send_message_batch(QueueUrl=self.url, Entries=entries)
        return [ids[int(failure["Id"])] for failure in answer.get("Failed", [])]


def _batches(bodies: Sequence[str]) -> Iterator[list[str]]:
    """As many as one request takes, by number and by size (they are ASCII)."""
    batch: list[str] = []
    for body in bodies:
        if len(batch) == BATCH or (batch and sum(map(len, batch)) + len(body) > MOST_BYTES):
            yield batch
            batch = []
        batch.append(body)
    if batch:
        yield batch


def ids_of(records: Sequence[Mapping[str, Any]], name: str) -> dict[str, str]:
    """The id that each SQS record carries under `name`, by message id; "" where there is none."""
    return {record["messageId"]: _id(record["body"], name) for record in records}


def _id(body: str, name: str) -> str:
    try:
        return str(json.loads(body)[name])
    except (ValueError, KeyError, TypeError):
        return ""


def failures(ids: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    """The partial batch response that names these messages or sequence numbers."""
    return {"batchItemFailures": [{"itemIdentifier": one} for one in ids]}


def each(
    records: Sequence[Mapping[str, Any]],
    handle: Callable[[dict[str, Any]], None],
    failed: Callable[[Exception], None],
) -> dict[str, list[dict[str, str]]]:
    """Handle the JSON body of each SQS record; one that raises fails alone, after `failed`."""
    names: list[str] = []
    for record in records:
        try:
            handle(json.loads(record["body"]))
        except Exception as error:  # whatever it was, its neighbors go on
            failed(error)
            names.append(record["messageId"])
    return failures(names)
