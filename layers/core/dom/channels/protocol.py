"""What a sales channel implements: prove who speaks, and say in our words what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dom.model.facts import Erasure, Facts, ReturnNews, Scans, SeenOrder


@dataclass(frozen=True, slots=True)
class DeliveryIdentity:
    """One delivery of one event. `delivery_id` is the same on every attempt to deliver it.

    `ordering_key` groups deliveries that speak of the same thing ("" unknown). One without a topic
    says nothing (a greeting): it is answered, and nothing is kept.
    """

    topic: str
    delivery_id: str
    triggered_at: datetime | None = None
    ordering_key: str = ""


class Channel(Protocol):
    """One file in this package implements it, and one line in `CHANNELS` registers it."""

    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        account: str,
        secrets: Sequence[str],
        now: datetime,
    ) -> DeliveryIdentity:
        """Check the signature over the raw `body` and name the delivery.

        Header names are lower-case; any of `secrets` may have signed. Unauthenticated if none did,
        or if the headers speak of another account. NotFound if the channel sends no webhooks.
        """

    def parse(
        self, topic: str, account: str, body: bytes
    ) -> Facts | ReturnNews | Scans | Erasure | SeenOrder | None:
        """What a verified delivery tells; None for a topic that does not concern us.

        A `SeenOrder` is only named: it is read by the channel's feed, and parsed under the feed's
        topic. InvalidInput names the first field that cannot be understood.
        """
