"""Proxy events of the REST API as API Gateway makes them, and what functions answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dom.api.identity import Identity, to_context

ADMIN = Identity("admin", frozenset({"*"}))


@dataclass(frozen=True)
class LambdaContext:
    """What Powertools reads of the invocation's context."""

    function_name: str = "function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:function"
    aws_request_id: str = "11111111-2222-3333-4444-555555555555"


def proxy_event(
    method: str,
    path: str,
    body: object = None,
    *,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    caller: Identity | None = ADMIN,
    **rest: Any,
) -> dict[str, Any]:
    """A request for a path that is percent-encoded as the client sent it; `body` str or JSON."""
    text = body if isinstance(body, str) or body is None else json.dumps(body)
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": {"Content-Type": "application/json", **(headers or {})},
        "queryStringParameters": dict(query) if query else None,
        "pathParameters": {"proxy": path.removeprefix("/")},
        "requestContext": {
            "requestId": "request-1",
            "authorizer": {"principalId": caller.name, **to_context(caller)} if caller else None,
        },
        "body": text,
        "isBase64Encoded": False,
        **rest,
    }


@dataclass(frozen=True)
class Reply:
    """A proxy response."""

    status: int
    content_type: str
    json: Any


def reply(response: Mapping[str, Any]) -> Reply:
    """The response as a client sees it."""
    headers = {name.lower(): value for name, value in response["headers"].items()}
    return Reply(response["statusCode"], headers["content-type"], json.loads(response["body"]))
