"""Every error has one HTTP status, and none tells more than it should."""

from __future__ import annotations

import inspect

import pytest
from dom import errors
from dom.api.problem import UnknownRoute, UnsupportedMediaType, problem, status_of
from dom.errors import (
    Busy,
    CommitRefused,
    Forbidden,
    IdempotencyMismatch,
    IllegalTransition,
    InvalidInput,
    NotFound,
    OutOfStock,
    Rejected,
    Retryable,
    Unauthenticated,
)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInput("a.b", "is wrong"), 400),
        (Rejected("too large"), 400),
        (Unauthenticated("no token"), 401),
        (Forbidden("no scope"), 403),
        (NotFound("order", "ord_1"), 404),
        (UnknownRoute("no route"), 404),
        (IllegalTransition("fulfillment order", "x", "shipped", "picking"), 409),
        (IdempotencyMismatch("used"), 409),
        (CommitRefused(()), 409),
        (OutOfStock((("MUG", 1),)), 409),
        (UnsupportedMediaType("xml"), 415),
        (Busy("throttled"), 503),
        (Retryable("later"), 503),
        (RuntimeError("secret detail"), 500),
    ],
)
def test_each_error_has_its_status(error: Exception, status: int) -> None:
    found = problem(error)
    assert status_of(error) == found["status"] == status
    assert {"type", "title", "status", "detail"} <= found.keys()


def test_no_error_of_ours_is_an_internal_one() -> None:
    ours = [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.DomError) and kind is not errors.DomError
    ]
    assert len(ours) > 10
    assert {kind for kind in ours if status_of(kind.__new__(kind)) == 500} == set()


def test_invalid_input_names_the_field_by_its_dotted_path() -> None:
    found = problem(InvalidInput("ship_groups.0.method", "is unknown"))
    assert found["detail"] == "ship_groups.0.method: is unknown"
    assert found["errors"] == [{"field": "ship_groups.0.method", "reason": "is unknown"}]


def test_an_illegal_transition_tells_the_state_found() -> None:
    found = problem(IllegalTransition("fulfillment order", "ord_a-1", "shipped", "picking"))
    assert (found["found"], found["wanted"]) == ("shipped", "picking")
    assert found["type"] == "urn:dom:problem:illegal-transition"


def test_what_is_not_ours_says_nothing_of_itself() -> None:
    assert "secret" not in str(problem(RuntimeError("secret detail at line 7")))
