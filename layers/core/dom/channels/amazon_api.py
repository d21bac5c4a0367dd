"""One question to Amazon's Selling Partner API, with a token by Login with Amazon.

https://developer-docs.amazon.com/sp-api/docs/connect-to-the-selling-partner-api: a refresh token is
exchanged for an access token that lives an hour. Rates are per operation and seller; what is over
them is answered 429, which is Busy.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from dom.channels.credentials import Credentials
from dom.channels.tokens import Tokens
from dom.errors import Busy, Rejected
from dom.http.client import Reply, ask_json, send

# North America; an account of another region names its endpoint as `api_url`.
ENDPOINT = "https://sellingpartnerapi-na.amazon.com"
LOGIN = "https://api.amazon.com/auth/o2/token"
# Of the hour that a token lives.
_tokens = Tokens(seconds=3000.0)


def seller_id(account: str) -> str:
    """The seller's id as the API's paths want it."""
    return account.upper()


def ask(
    account: str,
    credentials: Credentials,
    method: str,
    path: str,
    query: Mapping[str, str] | None = None,
    payload: object = None,
    token: str = "",
) -> Reply:
    """The reply. `token` is another one than the account's (a restricted data token).

    Rejected: no credentials, or refused for good. Busy: not now.
    """
    if not token:
        token = _tokens.get(credentials.refresh_token, lambda: _login(account, credentials))
    headers = {"x-amz-access-token": token}
    url = f"{_endpoint(credentials)}{path}"
    return ask_json(method, url, headers, query, payload)


def require_amazon(url: str, credentials: Credentials) -> None:
    """Rejected: an address that an answer names is neither Amazon's nor where the API itself is."""
    host, ours = urlsplit(url).hostname or "", urlsplit(_endpoint(credentials)).hostname
    if host != ours and not host.endswith((".amazonaws.com", ".amazon.com")):
        raise Rejected(f"Amazon names an address of somebody else: {host}"[:200])


def _endpoint(credentials: Credentials) -> str:
    return (credentials.api_url or ENDPOINT).rstrip("/")


def _login(account: str, credentials: Credentials) -> str:
    known = (credentials.consumer_key, credentials.consumer_secret, credentials.refresh_token)
    if not all(known):
        raise Rejected(
            f"no consumer_key, consumer_secret and refresh_token for {account}: see the README"
        )
    names = ("client_id", "client_secret", "refresh_token")
    form = {"grant_type": "refresh_token", **dict(zip(names, known, strict=True))}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    reply = send("POST", _login_url(credentials), urlencode(form).encode(), headers).object()
    if not reply.get("access_token"):
        raise Busy("Amazon's login answered without a token")
    return str(reply["access_token"])


def _login_url(credentials: Credentials) -> str:
    """Amazon's, unless the API itself is somebody else's: a stand-in of both."""
    host = urlsplit(_endpoint(credentials)).hostname or ""
    return LOGIN if host.endswith(".amazon.com") else f"{_endpoint(credentials)}/auth/o2/token"
