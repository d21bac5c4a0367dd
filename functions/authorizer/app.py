"""TOKEN authorizer of the REST API."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api.authorizer import authorize
from dom.aws.clients import client
from dom.aws.token_store import TokenStore
from dom.model.clock import system_clock
from dom.observability import logger
from dom.settings import from_environment


@cache
def _tokens() -> TokenStore:
    return TokenStore(client("dynamodb"), from_environment().tokens_table)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Allow or deny; the error "Unauthorized" is what API Gateway turns into 401."""
    header = str(event.get("authorizationToken") or "")
    return authorize(header, event["methodArn"], _tokens().find, system_clock())
