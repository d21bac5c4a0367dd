"""A shop's orders by WooCommerce's REST API, which are what its webhooks carry.

WooCommerce repeats nothing, and drops a webhook after five failures in a row: what is read here is
then all that is heard.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dom.channels.credentials import Credentials
from dom.channels.seconds import following, opened
from dom.channels.woocommerce_rest import ask
from dom.errors import Busy
from dom.model.facts import SeenOrder

PAGE = 100
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class WooCommerceFeed:
    """`dom.channels.feeds.OrderFeed` of one shop.

    Its cursors are those of `dom.channels.seconds`.
    """

    account: str
    credentials: Credentials
    topic: str = "order.updated"

    def page(
        self, since: datetime, until: datetime, cursor: str
    ) -> tuple[Sequence[SeenOrder], str]:
        """See the protocol. Both ends are exclusive there, and whole seconds."""
        begins, number = opened(cursor, _gmt(since))
        query = {
            "modified_after": _gmt(_moment(begins) - _SECOND),
            "modified_before": _gmt(until + _SECOND),
            "dates_are_gmt": "true",
            "status": "any",
            "orderby": "modified",
            "order": "asc",
            "per_page": str(PAGE),
            "page": str(number),
            "_fields": "id,date_modified_gmt",
        }
        listed = ask(self.account, self.credentials, "GET", "orders", query).json()
        if not isinstance(listed, list):
            raise Busy("the answer is no list")
        seen = [SeenOrder(str(one["id"]), _moment(one["date_modified_gmt"])) for one in listed]
        if len(listed) < PAGE:
            return seen, ""
        return seen, following(seen, _gmt(seen[-1].updated_at), begins, number)

    def fetch(self, external_id: str) -> bytes:
        """See the protocol."""
        order = ask(self.account, self.credentials, "GET", f"orders/{external_id}").json()
        return json.dumps(order, ensure_ascii=False).encode()


def _gmt(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
