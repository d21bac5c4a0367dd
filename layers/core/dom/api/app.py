"""One function's part of the API: operations to the use cases that answer them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dom.api.identity import from_context
from dom.api.operation import Operation
from dom.api.problem import CONTENT_TYPE, HEADERS, UnknownRoute, problem, status_of
from dom.api.request import Request, body_text, lower_headers, path_parts, query_values
from dom.model.clock import Clock, system_clock
from dom.observability import count, logger

Event = Mapping[str, Any]
Handler = Callable[[Request], object]
# What is read is true for a moment only, and belongs to the caller.
_COMMON = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Text:
    """An answer that is not JSON."""

    text: str
    content_type: str


class Api:
    """Routes, authorizes, parses and renders; every error becomes problem JSON."""

    def __init__(self, clock: Clock = system_clock) -> None:
        self._clock = clock
        self._handlers: list[tuple[Operation, Handler]] = []

    def on(self, operation: Operation) -> Callable[[Handler], Handler]:
        """Register the function that answers an operation with the plain data of its `answer`."""

        def register(handler: Handler) -> Handler:
            self._handlers.append((operation, handler))
            return handler

        return register

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations answered here."""
        return tuple(operation for operation, _ in self._handlers)

    def answer(self, event: Event) -> dict[str, Any]:
        """The proxy response to a proxy event. Raises nothing."""
        try:
            return self._answer(event)
        except Exception as error:
            return _refusal(error)

    def _answer(self, event: Event) -> dict[str, Any]:
        operation, handler, parameters = self._route(event)
        context = event.get("requestContext") or {}
        identity = from_context(context.get("authorizer"), self._clock())
        identity.require(operation.scope)
        request = Request(
            parameters,
            query_values(event),
            lower_headers(event),
            body_text(event),
            identity,
        )
        answer = handler(request)
        if isinstance(answer, Text):
            return _written(operation.success, answer.content_type, answer.text)
        return _response(operation.success, "application/json", answer)

    def _route(self, event: Event) -> tuple[Operation, Handler, Mapping[str, str]]:
        method, parts = str(event.get("httpMethod") or "").upper(), path_parts(event)
        for operation, handler in self._handlers:
            parameters = operation.match(method, parts)
            if parameters is not None:
                return operation, handler, parameters
        raise UnknownRoute("there is no such route")


def _refusal(error: Exception) -> dict[str, Any]:
    status = status_of(error)
    if status >= 500:
        logger.exception("request failed", exc_info=error)
        count("ApiFailures")
    return _response(status, CONTENT_TYPE, problem(error), HEADERS.get(status, {}))


def _response(
    status: int, content_type: str, body: object, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    return _written(status, content_type, json.dumps(body, separators=(",", ":")), headers)


def _written(
    status: int, content_type: str, text: str, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    return {
        "statusCode": int(status),
        "headers": {"Content-Type": content_type, **_COMMON, **(headers or {})},
        "body": text,
        "isBase64Encoded": False,
    }
