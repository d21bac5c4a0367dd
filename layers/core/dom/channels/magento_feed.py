"""A shop's orders by Adobe Commerce's REST API."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from dom.channels.credentials import Credentials
from dom.channels.magento import ORDER
from dom.channels.magento_rest import ask, items, search
from dom.channels.seconds import following, opened
from dom.model.facts import SeenOrder

PAGE = 100


@dataclass(frozen=True, slots=True)
class MagentoFeed:
    """`dom.channels.feeds.OrderFeed` of one shop."""

    account: str
    credentials: Credentials
    topic: str = ORDER

    def page(
        self, since: datetime, until: datetime, cursor: str
    ) -> tuple[Sequence[SeenOrder], str]:
        """See the protocol. A page after the last one is told as the last one again."""
        begins, number = opened(cursor, _text(since))
        window = (("updated_at", "gteq", begins), ("updated_at", "lteq", _text(until)))
        query = search(*window, pageSize=str(PAGE), currentPage=str(number)) | {
            "searchCriteria[sortOrders][0][field]": "updated_at",
            "searchCriteria[sortOrders][0][direction]": "ASC",
            "searchCriteria[sortOrders][1][field]": "entity_id",
            "searchCriteria[sortOrders][1][direction]": "ASC",
            "fields": "items[entity_id,updated_at],total_count",
        }
        answer = ask(self.account, self.credentials, "GET", "orders", query)
        rows = items(answer)
        seen = [SeenOrder(str(one["entity_id"]), _moment(one["updated_at"])) for one in rows]
        if len(seen) < PAGE or int(answer["total_count"]) <= number * PAGE:
            return seen, ""
        return seen, following(seen, str(rows[-1]["updated_at"]), begins, number)

    def fetch(self, external_id: str) -> bytes:
        """See the protocol."""
        path = f"orders/{quote(external_id, safe='')}"
        answer = ask(self.account, self.credentials, "GET", path)
        return json.dumps(answer, ensure_ascii=False).encode()


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
