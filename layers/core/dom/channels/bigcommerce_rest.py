"""One question to a store's API, by an access token.

https://developer.bigcommerce.com/docs/start/authentication/api-accounts. V2 answers 204 without a
body where there is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dom.channels.credentials import Credentials
from dom.errors import Rejected
from dom.http.client import ask_json

ENDPOINT = "https://api.bigcommerce.com"
PAGE = 250


def ask(
    account: str,
    credentials: Credentials,
    method: str,
    path: str,
    query: Mapping[str, str] | None = None,
    payload: object = None,
) -> Any:
    """The answer; an empty list where there is none. Rejected: no token, or refused for good. Busy:
    not now.
    """
    if not credentials.access_token:
        raise Rejected(f"no access_token for {account}: see the README")
    base = (credentials.api_url or ENDPOINT).rstrip("/")
    headers = {"X-Auth-Token": credentials.access_token, "Accept": "application/json"}
    reply = ask_json(method, f"{base}/stores/{account}/{path}", headers, query, payload)
    return [] if reply.status == 204 else reply.json()


def all_of(account: str, credentials: Credentials, path: str) -> list[Any]:
    """All pages of a V2 list."""
    found: list[Any] = []
    while True:
        query = {"limit": str(PAGE), "page": str(1 + len(found) // PAGE)}
        page = ask(account, credentials, "GET", path, query)
        found += page
        if len(page) < PAGE:
            return found
