"""WooCommerce's REST API v3: one question to a shop, by a consumer key and secret over https.

https://woocommerce.github.io/woocommerce-rest-api-docs/#authentication-over-https
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

from dom.channels.credentials import Credentials
from dom.errors import Rejected
from dom.http.client import Reply, ask_json


def ask(
    account: str,
    credentials: Credentials,
    method: str,
    path: str,
    query: Mapping[str, str] | None = None,
    payload: object = None,
) -> Reply:
    """The reply. Rejected: no key, or refused for good. Busy: not now."""
    if not (credentials.consumer_key and credentials.consumer_secret):
        raise Rejected(f"no consumer_key and consumer_secret for {account}: see the README")
    base = (credentials.api_url or f"https://{account}").rstrip("/")
    url = f"{base}/wp-json/wc/v3/{path}"
    pair = f"{credentials.consumer_key}:{credentials.consumer_secret}".encode()
    headers = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    return ask_json(method, url, headers, query, payload)
