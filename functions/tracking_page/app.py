"""GET /track/{token}: where an order is, for whoever has the link from the mail."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import unquote

from dom.api.html_page import html_page
from dom.aws.clients import client
from dom.aws.network_store import NetworkStore
from dom.aws.order_store import OrderStore
from dom.aws.tracking_keys import TrackingKeys
from dom.errors import NotFound
from dom.observability import count, logger, metrics
from dom.settings import from_environment
from dom.tracking.page import later_page, nothing_page
from dom.tracking.show import Desk, show
from dom.words.language import accepted, language_of


@cache
def _desk() -> Desk:
    settings, dynamodb = from_environment(), client("dynamodb")
    return Desk(
        TrackingKeys(client("secretsmanager"), settings.tracking_secret).all,
        OrderStore(dynamodb, settings.orders_table),
        NetworkStore(dynamodb, settings.network_table),
    )


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event with a page, whatever comes."""
    wanted = accepted(_header(event, "accept-language"))
    language = language_of(*wanted)
    try:
        token = unquote(str((event.get("pathParameters") or {}).get("token") or ""))
        page = html_page(200, show(token, wanted, _desk()))
    except NotFound:
        count("TrackingNotFound")
        return html_page(404, nothing_page(language))
    except Exception:
        logger.exception("no tracking page")
        count("TrackingFailed")
        return html_page(503, later_page(language))
    count("TrackingShown")
    return page


def _header(event: dict[str, Any], name: str) -> str:
    headers = event.get("headers") or {}
    return next((str(value) for key, value in headers.items() if key.lower() == name), "")
