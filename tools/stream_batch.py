"""A batch of a DynamoDB stream that Lambda gave up on: read again and handed to its function."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tools.stack import Stack

PAGES = 1000


def hand_over(stack: Stack, function: str, dead_letter: str) -> str:
    """Invoke the function with the records that the dead letter points at.

    RuntimeError when the function fails again. Records older than 24 hours are gone from the
    stream: what they would have caused is left to the sweep and said so.
    """
    batch = json.loads(dead_letter)["DDBStreamBatchInfo"]
    records = [_as_lambda_sees(one, batch["streamArn"]) for one in _records(stack, batch)]
    if not records:
        return "no longer in the stream: left to the sweep"
    answer = stack.client("lambda").invoke(
        FunctionName=stack.resource(function), Payload=json.dumps({"Records": records})
    )
    result = json.loads(answer["Payload"].read() or b"{}") or {}
    if "FunctionError" in answer or result.get("batchItemFailures"):
        raise RuntimeError(f"{function} failed again")
    return f"handed to {function}"


def _records(stack: Stack, batch: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The records of the batch, from its first to its last sequence number."""
    streams, last = stack.client("dynamodbstreams"), int(batch["endSequenceNumber"])
    try:
        iterator = streams.get_shard_iterator(
            StreamArn=batch["streamArn"],
            ShardId=batch["shardId"],
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            SequenceNumber=batch["startSequenceNumber"],
        )["ShardIterator"]
    except (
        streams.exceptions.TrimmedDataAccessException,
        streams.exceptions.ResourceNotFoundException,
    ):
        return
    for _ in range(PAGES):
        page = streams.get_records(ShardIterator=iterator)
        for record in page["Records"]:
            if int(record["dynamodb"]["SequenceNumber"]) > last:
                return
            yield record
        iterator = page.get("NextShardIterator")
        if not iterator or not page["Records"]:
            return


def _as_lambda_sees(record: dict[str, Any], stream_arn: str) -> dict[str, Any]:
    change = record["dynamodb"]
    created = change.get("ApproximateCreationDateTime")
    when = {"ApproximateCreationDateTime": created.timestamp()} if created else {}
    return {**record, "eventSourceARN": stream_arn, "dynamodb": {**change, **when}}
