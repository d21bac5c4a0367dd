"""Our own API as a channel: orders of shops that have no adapter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dom.channels.protocol import DeliveryIdentity
from dom.errors import NotFound
from dom.model.facts import Facts


class ApiChannel:
    """The caller proved who it is by its token; the body names the shop's channel and account."""

    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        account: str,
        secrets: Sequence[str],
        now: datetime,
    ) -> DeliveryIdentity:
        """There are no webhooks of this kind: NotFound."""
        raise NotFound("channel", "api")

    def parse(self, topic: str, account: str, body: bytes) -> Facts | None:
        """See `Channel.parse`; the body is that of POST /orders, whatever the topic."""
        # Here, since pydantic costs the function that only verifies 100 ms of cold start.
        from dom.channels.api_orders import parse

        return parse(body)
