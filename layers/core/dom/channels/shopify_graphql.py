"""Shopify's GraphQL Admin API, version 2026-04: one question, its answer or why there is none."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from dom.channels.credentials import Credentials
from dom.errors import Busy, Rejected
from dom.http.client import post_json

VERSION = "2026-04"
Json = dict[str, Any]
_PASSING = frozenset({"THROTTLED", "INTERNAL_SERVER_ERROR", "TIMEOUT"})


def gid(kind: str, name: str) -> str:
    """Shopify's global id of something."""
    return f"gid://shopify/{kind}/{name}"


def idempotency_key(text: str) -> str:
    """The UUID that stands for a request, for Shopify's `@idempotent(key:)`."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"dom:{text}"))


def ask(account: str, credentials: Credentials, query: str, variables: Json) -> Json:
    """The `data` of the answer.

    Rejected: no token, or errors that stay. Busy: throttled, or not now.
    """
    if not credentials.access_token:
        raise Rejected(f"no access_token for {account}: make connect-shopify, or do it by hand")
    base = credentials.api_url or f"https://{account}"
    url = f"{base.rstrip('/')}/admin/api/{VERSION}/graphql.json"
    headers = {"X-Shopify-Access-Token": credentials.access_token}
    answer = post_json(url, {"query": query, "variables": variables}, headers).json()
    errors = answer.get("errors") if isinstance(answer, dict) else "no object"
    if errors:
        raise _refusal(errors)
    data: Json = answer["data"]
    return data


def pages(
    account: str, credentials: Credentials, query: str, variables: Json, *path: str
) -> Iterator[Json]:
    """Every node of the connection at this path of the answers to a query that takes `$after`.

    None where something on the path is not there.
    """
    after: str | None = None
    while True:
        page: Any = ask(account, credentials, query, {**variables, "after": after})
        for name in path:
            page = page[name] if page else None
        if not page:
            return
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def refused(errors: list[Json]) -> Rejected:
    """What a mutation's `userErrors` say."""
    return Rejected("; ".join(str(one["message"]) for one in errors)[:400])


def _refusal(errors: Any) -> Exception:
    """GraphQL errors come with HTTP 200: throttled and internal ones pass, the rest stays."""
    told: list[Json] = errors if isinstance(errors, list) else [{"message": str(errors)}]
    codes = {(one.get("extensions") or {}).get("code") for one in told}
    text = "; ".join(str(one.get("message")) for one in told)[:400]
    return Busy(f"Shopify: {text}") if codes & _PASSING else Rejected(f"Shopify: {text}")
