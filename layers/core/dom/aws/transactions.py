"""TransactWriteItems with named conditions, jittered retries and errors of the domain."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError, HTTPClientError

from dom.aws.dynamo import unmarshal
from dom.errors import Busy, CommitRefused, Conflict, Rejected

ATTEMPTS = 8
BASE_SECONDS = 0.025
CEILING_SECONDS = 1.0

# Codes after which nothing was written and the same request may succeed.
_TRANSIENT = frozenset(
    {
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
        "ThrottlingError",
        "ThrottlingException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "InternalServerError",
    }
)


@dataclass(frozen=True, slots=True)
class Write:
    """One item of a transaction: the request part, and how to speak of its failed condition."""

    kind: str
    key: str
    request: Mapping[str, Any]


def transact(
    dynamodb: Any,
    writes: Sequence[Write],
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> None:
    """Write all or nothing.

    CommitRefused: conditions failed, one Conflict each. Busy: in conflict or throttled for longer
    than `ATTEMPTS` tries with full jitter, or no answer came (it may have been written: callers
    rest on versions, not on this). Rejected: DynamoDB will never take it (an item over 400 KB).
    """
    items = [dict(write.request) for write in writes]
    for attempt in range(ATTEMPTS):
        try:
            dynamodb.transact_write_items(TransactItems=items)
            return
        except HTTPClientError as error:
            raise Busy(f"no answer from DynamoDB: {type(error).__name__}") from error
        except ClientError as error:
            raise_unless_transient(error, writes)
        sleep(jitter() * min(CEILING_SECONDS, BASE_SECONDS * 2**attempt))
    raise Busy(f"transaction of {len(writes)} items refused {ATTEMPTS} times")


def raise_unless_transient(error: ClientError, writes: Sequence[Write]) -> None:
    """Raise the domain's error for a refused transaction; return if it may simply be retried."""
    reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
    conflicts = tuple(
        Conflict(write.kind, write.key, unmarshal(reason["Item"]) if reason.get("Item") else None)
        for write, reason in zip(writes, reasons, strict=False)
        if reason.get("Code") == "ConditionalCheckFailed"
    )
    if conflicts:
        raise CommitRefused(conflicts) from error
    codes = {reason.get("Code", "None") for reason in reasons} - {"None"}
    codes = codes or {error.response["Error"]["Code"]}
    if codes & {"ValidationError", "ItemCollectionSizeLimitExceeded"}:
        raise Rejected(f"DynamoDB refuses the transaction: {sorted(codes)}") from error
    if not codes & _TRANSIENT:
        raise error
