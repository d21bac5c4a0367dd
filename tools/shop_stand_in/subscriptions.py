"""Which webhooks the shop sends where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class Subscriptions:
    """Pairs of topic and address. `refuses`: topics that it does not allow."""

    made: list[tuple[str, str]] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    page: int = 100

    def operations(self) -> dict[str, Callable[[Json], Json]]:
        """What it answers, by the name of the operation."""
        return {
            "Subscriptions": lambda asked: {"webhookSubscriptions": self._all(asked)},
            "Subscribe": lambda asked: {"webhookSubscriptionCreate": self._create(asked)},
        }

    def _all(self, asked: Json) -> Json:
        start = int(asked["after"] or 0)
        end = start + self.page
        nodes = [
            {"id": f"gid://shopify/WebhookSubscription/{n}", "topic": topic, "uri": uri}
            for n, (topic, uri) in enumerate(self.made)
        ]
        more = {"hasNextPage": end < len(nodes), "endCursor": str(end)}
        return {"nodes": nodes[start:end], "pageInfo": more}

    def _create(self, asked: Json) -> Json:
        topic, uri = asked["topic"], asked["to"]["uri"]
        if topic in self.refuses or (topic, uri) in self.made:
            text = "Address for this topic has already been taken"
            return {"webhookSubscription": None, "userErrors": [{"field": None, "message": text}]}
        self.made.append((topic, uri))
        return {"webhookSubscription": {"id": "1"}, "userErrors": []}
