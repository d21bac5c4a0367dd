"""One question to a shop's REST API, by an integration's access token.

https://developer.adobe.com/commerce/webapi/get-started/authentication/gs-authentication-token/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dom.channels.credentials import Credentials
from dom.errors import Rejected
from dom.http.client import ask_json

Json = dict[str, Any]


def ask(
    account: str,
    credentials: Credentials,
    method: str,
    path: str,
    query: Mapping[str, str] | None = None,
    payload: object = None,
) -> Any:
    """The answer. Rejected: no token, or refused for good. Busy: not now."""
    if not credentials.access_token:
        raise Rejected(f"no access_token for {account}: see the README")
    base = (credentials.api_url or f"https://{account}").rstrip("/")
    headers = {"Authorization": f"Bearer {credentials.access_token}"}
    return ask_json(method, f"{base}/rest/V1/{path}", headers, query, payload).json()


def search(*filters: tuple[str, str, str], **more: str) -> dict[str, str]:
    """Criteria that all hold: (field, condition, value); `more` as the API names it.

    https://developer.adobe.com/commerce/webapi/rest/use-rest/performing-searches/
    """
    query: dict[str, str] = {}
    for n, (field, condition, value) in enumerate(filters):
        group = f"searchCriteria[filterGroups][{n}][filters][0]"
        query |= {
            f"{group}[field]": field,
            f"{group}[conditionType]": condition,
            f"{group}[value]": value,
        }
    return query | {f"searchCriteria[{name}]": value for name, value in more.items()}


def items(answer: Any) -> Sequence[Json]:
    """What a search found; none is told as null."""
    found = answer.get("items") if isinstance(answer, dict) else None
    return found if isinstance(found, list) else []
