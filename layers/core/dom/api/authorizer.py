"""The Lambda authorizer's decision: a bearer token to an IAM policy and the caller's context."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from dom.api.identity import Identity, to_context
from dom.errors import Unauthenticated

LONGEST_TOKEN = 512
FindToken = Callable[[str], Identity | None]


def token_hash(token: str) -> str:
    """Hex SHA-256 of a bearer token: all that is stored of it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def authorize(header: str, method_arn: str, find: FindToken, now: datetime) -> dict[str, Any]:
    """The authorizer's answer to an `Authorization` header.

    The policy names every route of the stage, since API Gateway caches it by token and applies it
    to the next route too; scopes are checked in the functions. An expired token is denied.
    Unauthenticated, with the exact text that API Gateway turns into 401, when no token is known.
    """
    scheme, _, token = header.strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not 0 < len(token) <= LONGEST_TOKEN:
        raise Unauthenticated("Unauthorized")
    identity = find(token_hash(token))
    if identity is None:
        raise Unauthenticated("Unauthorized")
    effect = "Deny" if identity.expired(now) else "Allow"
    return {
        "principalId": identity.name,
        "policyDocument": _policy(effect, method_arn),
        "context": to_context(identity),
    }


def _policy(effect: str, method_arn: str) -> dict[str, Any]:
    api, stage, *_ = method_arn.split("/")
    statement = {
        "Action": "execute-api:Invoke",
        "Effect": effect,
        "Resource": f"{api}/{stage}/*",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
