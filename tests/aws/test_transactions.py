"""What real DynamoDB answers under load, which neither moto nor the embedded AWS ever does."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from dom.aws.transactions import ATTEMPTS, Write, transact
from dom.errors import Busy, CommitRefused, Rejected

WRITES = (Write("order", "ord_a", {"Put": {}}), Write("position", "MUG@RENO", {"Update": {}}))


class Scripted:
    """Answers with the given errors, one a call, then takes the transaction."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    def transact_write_items(self, **request: Any) -> None:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)


def cancelled(*codes: str, item: dict[str, Any] | None = None) -> ClientError:
    reasons = [{"Code": code} for code in codes]
    if item:
        reasons[-1]["Item"] = item  # type: ignore[assignment]
    response: Any = {
        "Error": {"Code": "TransactionCanceledException", "Message": ""},
        "CancellationReasons": reasons,
    }
    return ClientError(response, "TransactWriteItems")


def failed(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "TransactWriteItems")


def run(dynamodb: Scripted) -> list[float]:
    waits: list[float] = []
    transact(dynamodb, WRITES, sleep=waits.append, jitter=lambda: 1.0)
    return waits


@pytest.mark.parametrize(
    "error",
    [
        cancelled("None", "TransactionConflict"),
        cancelled("ThrottlingError", "None"),
        cancelled("ProvisionedThroughputExceeded", "TransactionConflict"),
        failed("ThrottlingException"),
        failed("ProvisionedThroughputExceededException"),
        failed("TransactionInProgressException"),
    ],
)
def test_a_conflict_or_throttle_is_tried_again_after_growing_waits(error: ClientError) -> None:
    dynamodb = Scripted(error, error, error)
    waits = run(dynamodb)
    assert dynamodb.calls == 4
    assert waits == sorted(waits) and waits[0] < waits[-1]


def test_what_stays_in_conflict_is_busy_and_not_lost() -> None:
    dynamodb = Scripted(*[cancelled("None", "TransactionConflict")] * ATTEMPTS)
    with pytest.raises(Busy):
        run(dynamodb)
    assert dynamodb.calls == ATTEMPTS


def test_a_failed_condition_is_told_with_the_true_item_even_beside_a_conflict() -> None:
    item = {"available": {"N": "3"}}
    error = cancelled("TransactionConflict", "ConditionalCheckFailed", item=item)
    with pytest.raises(CommitRefused) as refused:
        run(Scripted(error))
    (conflict,) = refused.value.conflicts
    assert (conflict.kind, conflict.key, conflict.found) == (
        "position",
        "MUG@RENO",
        {"available": 3},
    )


def test_an_item_that_is_too_large_is_refused_for_good() -> None:
    with pytest.raises(Rejected):
        run(Scripted(cancelled("ValidationError", "None")))


def test_an_unknown_refusal_is_not_hidden() -> None:
    with pytest.raises(ClientError):
        run(Scripted(failed("AccessDeniedException")))


def test_no_answer_is_busy_since_it_may_have_been_written() -> None:
    with pytest.raises(Busy):
        run(Scripted(ReadTimeoutError(endpoint_url="https://dynamodb")))
