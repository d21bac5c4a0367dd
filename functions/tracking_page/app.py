"""/track/{token}: where an order is, for whoever has the link from the mail, and their choice."""

from __future__ import annotations

from functools import cache, partial
from typing import Any
from urllib.parse import unquote

from dom.api.choice_form import choice_of
from dom.api.html_page import html_page, seen_other
from dom.aws import wiring
from dom.aws.clients import client
from dom.aws.network_store import NetworkStore
from dom.aws.tracking_keys import TrackingKeys
from dom.errors import IllegalTransition, InvalidInput, NotFound
from dom.model.clock import system_clock
from dom.observability import count, logger, metrics, recipients_unmarked
from dom.orders.change import Desk as OrderDesk
from dom.orders.change import Wish
from dom.orders.choose import choose
from dom.orders.stores import Stores, other_stores
from dom.settings import from_environment
from dom.tracking.page import later_page, nothing_page
from dom.tracking.show import Desk, opened, show
from dom.words.language import accepted, language_of


@cache
def _stores() -> Stores:
    return wiring.stores(from_environment())


@cache
def _desk() -> Desk:
    settings = from_environment()
    return Desk(
        TrackingKeys(client("secretsmanager"), settings.tracking_secret).all,
        wiring.orders(settings),
        NetworkStore(client("dynamodb"), settings.network_table),
        partial(other_stores, ports=_stores()),
    )


@cache
def _orders() -> OrderDesk:
    settings = from_environment()
    key = wiring.recipient_key(settings, recipients_unmarked)
    return OrderDesk(wiring.orders(settings), wiring.ledger(settings), system_clock, key)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event with a page, whatever comes."""
    wanted = accepted(_header(event, "accept-language"))
    language = language_of(*wanted)
    try:
        token = unquote(str((event.get("pathParameters") or {}).get("token") or ""))
        chosen = event.get("httpMethod") == "POST"
        page = _choose(event, token, wanted) if chosen else html_page(200, _page(token, wanted))
    except NotFound:
        count("TrackingNotFound")
        return html_page(404, nothing_page(language))
    except Exception:
        logger.exception("no tracking page")
        count("TrackingFailed")
        return html_page(503, later_page(language))
    count("TrackingShown")
    return page


def _choose(event: dict[str, Any], token: str, wanted: list[str]) -> dict[str, Any]:
    """Back to the page; or, if that cannot be chosen, the page that says so and asks again."""
    wish = Wish(opened(token, _desk()).order_id, "customer", "chosen on the tracking page")
    try:
        choose(wish, choice_of(event), _stores(), _orders())
    except IllegalTransition:
        return html_page(409, _page(token, wanted, "choose_gone"))
    except InvalidInput:
        return html_page(400, _page(token, wanted, "choose_unclear"))
    return seen_other(token)


def _page(token: str, wanted: list[str], notice: str = "") -> str:
    return show(token, wanted, _desk(), notice)


def _header(event: dict[str, Any], name: str) -> str:
    headers = event.get("headers") or {}
    return next((str(value) for key, value in headers.items() if key.lower() == name), "")
