"""Reads that never return a part as the whole: paged queries and chunked batch reads."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from dom.aws.dynamo import marshal, unmarshal
from dom.errors import Busy

BATCH = 100
ATTEMPTS = 8
Plain = dict[str, Any]


def get(dynamodb: Any, table: str, key: Mapping[str, str], consistent: bool = True) -> Plain | None:
    """One item as plain data, or None."""
    answer = dynamodb.get_item(TableName=table, Key=marshal(key), ConsistentRead=consistent)
    return unmarshal(answer["Item"]) if "Item" in answer else None


def batch_get(
    dynamodb: Any,
    table: str,
    wanted: Iterable[Mapping[str, str]],
    consistent: bool = True,
    sleep: Callable[[float], None] = time.sleep,
) -> list[Plain]:
    """The items that exist among the keys, in no order; repeats are read once.

    Keys that DynamoDB leaves unprocessed (16 MB answers, throttling) are asked for again with
    jitter; Busy when that does not end.
    """
    todo = [marshal(dict(key)) for key in {tuple(sorted(key.items())) for key in wanted}]
    found: list[Plain] = []
    idle = 0
    while todo:
        chunk, todo = todo[:BATCH], todo[BATCH:]
        request = {table: {"Keys": chunk, "ConsistentRead": consistent}}
        answer = dynamodb.batch_get_item(RequestItems=request)
        found += [unmarshal(item) for item in answer["Responses"].get(table, [])]
        left = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
        todo += left
        idle = idle + 1 if len(left) == len(chunk) else 0
        if idle >= ATTEMPTS:
            raise Busy(f"{len(todo)} keys of {table} stay unprocessed")
        if left:
            sleep(random.random() * 0.05 * 2**idle)  # noqa: S311 (jitter)
    return found


def query(dynamodb: Any, **request: Any) -> Iterator[Plain]:
    """Every item of a query, over all its 1 MB pages."""
    while True:
        answer = dynamodb.query(**request)
        yield from (unmarshal(item) for item in answer["Items"])
        if "LastEvaluatedKey" not in answer:
            return
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def newest(
    dynamodb: Any, table: str, start: Mapping[str, str], size: int, *, after: bool
) -> tuple[list[Plain], bool]:
    """Some items of the partition of `start`, those with the greatest sort keys first, and whether
    there are more. With `after`, those that come after `start`.
    """
    answer = dynamodb.query(
        TableName=table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues=marshal({":pk": start["pk"]}),
        ScanIndexForward=False,
        ConsistentRead=True,
        Limit=size,
        **({"ExclusiveStartKey": marshal(start)} if after else {}),
    )
    items = [unmarshal(item) for item in answer["Items"]]
    return items, bool(items) and "LastEvaluatedKey" in answer
