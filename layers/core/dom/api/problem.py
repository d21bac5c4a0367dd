"""Errors as RFC 9457 problem JSON: the one table that maps them to HTTP."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from dom.errors import (
    Busy,
    CommitRefused,
    DomError,
    Forbidden,
    IdempotencyMismatch,
    IllegalTransition,
    InvalidInput,
    LintFailed,
    NotFound,
    NotReplayable,
    Outdated,
    OutOfStock,
    Rejected,
    Retryable,
    Unauthenticated,
)

CONTENT_TYPE = "application/problem+json"


class UnknownRoute(Rejected):
    """No operation has this method and path."""


class UnsupportedMediaType(Rejected):
    """The body says that it is something other than JSON."""


# The most specific class of an error decides.
STATUS: Mapping[type[Exception], HTTPStatus] = {
    InvalidInput: HTTPStatus.BAD_REQUEST,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    UnknownRoute: HTTPStatus.NOT_FOUND,
    IllegalTransition: HTTPStatus.CONFLICT,
    Outdated: HTTPStatus.CONFLICT,
    OutOfStock: HTTPStatus.CONFLICT,
    LintFailed: HTTPStatus.CONFLICT,
    IdempotencyMismatch: HTTPStatus.CONFLICT,
    NotReplayable: HTTPStatus.CONFLICT,
    CommitRefused: HTTPStatus.CONFLICT,
    UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    Retryable: HTTPStatus.SERVICE_UNAVAILABLE,
    Rejected: HTTPStatus.BAD_REQUEST,
    Exception: HTTPStatus.INTERNAL_SERVER_ERROR,
}
HEADERS: Mapping[HTTPStatus, Mapping[str, str]] = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": "Bearer"},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": "1"},
}


def status_of(error: Exception) -> HTTPStatus:
    """The HTTP status of an error, by the nearest of its classes in the table."""
    return STATUS[_row(error)]


def _row(error: Exception) -> type[Exception]:
    """The nearest of an error's classes in the table: callers need to know no finer types."""
    return next(kind for kind in type(error).__mro__ if kind in STATUS)


def problem(error: Exception) -> dict[str, Any]:
    """The problem document; an error that is not ours says nothing of itself.

    Extension members: `errors` [{field, reason}] for invalid input; `found` and `wanted` for an
    illegal transition (not `status`: RFC 9457 keeps that for the HTTP code); `unavailable`
    [{sku, quantity}] for what is out of stock; `findings` of the linter.
    """
    status = status_of(error)
    ours = isinstance(error, DomError)
    return {
        "type": f"urn:dom:problem:{_kebab(_row(error).__name__) if ours else 'internal-error'}",
        "title": status.phrase,
        "status": int(status),
        "detail": str(error) if ours else "Something went wrong here. It has been logged.",
        **_extensions(error),
    }


def _extensions(error: Exception) -> dict[str, Any]:
    if isinstance(error, InvalidInput):
        errors = getattr(error, "errors", ({"field": error.field, "reason": error.reason},))
        return {"errors": list(errors)}
    if isinstance(error, IllegalTransition):
        return {"found": error.found, "wanted": error.wanted}
    if isinstance(error, OutOfStock):
        short = [{"sku": sku, "quantity": units} for sku, units in error.short]
        return {"unavailable": short}
    if isinstance(error, LintFailed):
        return {"findings": [dict(one) for one in error.findings]}
    return {}


def _kebab(name: str) -> str:
    return re.sub(r"(?<=.)(?=[A-Z])", "-", name).lower()
