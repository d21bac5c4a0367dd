"""Notifications of Amazon's Selling Partner API, which come by SQS.

https://developer-docs.amazon.com/sp-api/docs/set-up-notifications-with-amazon-sqs
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from dom.channels.protocol import DeliveryIdentity
from dom.model.clock import from_text

ORDER_CHANGE = "ORDER_CHANGE"


def read(message: Mapping[str, object]) -> tuple[str, DeliveryIdentity, bytes] | None:
    """See `dom.channels.notices.READERS`. One that came by way of SNS is text within the message.

    `EventTime` is when it happened; `PublishTime` may be years before.
    """
    inner = message.get("Message")
    if message.get("Type") == "Notification" and isinstance(inner, str):
        unpacked = json.loads(inner)
        return read(unpacked) if isinstance(unpacked, Mapping) else None
    if "NotificationType" not in message:
        return None
    topic = str(message["NotificationType"])
    payload, metadata = message["Payload"], message["NotificationMetadata"]
    if not isinstance(payload, Mapping) or not isinstance(metadata, Mapping):
        raise TypeError("not a notification")
    # Which field names the seller depends on the type, and only this one is read.
    seller = payload["OrderChangeNotification"]["SellerId"] if topic == ORDER_CHANGE else ""
    delivery = DeliveryIdentity(
        topic=topic,
        delivery_id=str(metadata["NotificationId"]),
        triggered_at=from_text(str(message["EventTime"])),
    )
    return str(seller).lower(), delivery, json.dumps(message, ensure_ascii=False).encode()
