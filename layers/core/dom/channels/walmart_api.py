"""One question to Walmart's Marketplace API, with a token by client credentials.

https://developer.walmart.com/us-marketplace/reference/tokenapi: a token lives fifteen minutes.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping

from dom.channels.credentials import Credentials
from dom.channels.tokens import Tokens
from dom.errors import Busy, Rejected
from dom.http.client import ask_json, send

ENDPOINT = "https://marketplace.walmartapis.com"
# Of the fifteen minutes that a token lives.
_tokens = Tokens(seconds=720.0)

Json = dict[str, object]


def ask(
    account: str,
    credentials: Credentials,
    method: str,
    path: str,
    payload: object = None,
) -> Json:
    """The answer's object. Rejected: no credentials, or refused for good. Busy: not now."""
    key = f"{credentials.api_url} {credentials.consumer_key} {credentials.consumer_secret}"
    token = _tokens.get(key, lambda: _token(account, credentials))
    headers = {**_headers(credentials), "WM_SEC.ACCESS_TOKEN": token}
    url = f"{_endpoint(credentials)}{path}"
    return ask_json(method, url, headers, None, payload).object()


def _token(account: str, credentials: Credentials) -> str:
    if not (credentials.consumer_key and credentials.consumer_secret):
        raise Rejected(f"no consumer_key and consumer_secret for {account}: see the README")
    headers = {**_headers(credentials), "Content-Type": "application/x-www-form-urlencoded"}
    url = f"{_endpoint(credentials)}/v3/token"
    answer = send("POST", url, b"grant_type=client_credentials", headers).object()
    if not answer.get("access_token"):
        raise Busy("Walmart's token service answered without a token")
    return str(answer["access_token"])


def _headers(credentials: Credentials) -> Mapping[str, str]:
    pair = f"{credentials.consumer_key}:{credentials.consumer_secret}".encode()
    return {
        "Authorization": f"Basic {base64.b64encode(pair).decode()}",
        "WM_SVC.NAME": "Walmart Marketplace",
        "WM_QOS.CORRELATION_ID": str(uuid.uuid4()),
        "Accept": "application/json",
    }


def _endpoint(credentials: Credentials) -> str:
    return (credentials.api_url or ENDPOINT).rstrip("/")
