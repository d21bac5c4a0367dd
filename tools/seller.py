"""A seller of Amazon's whom a running stack knows: for the demo and end-to-end tests."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.amazon_stand_in import AmazonStandIn, amazon_stand_in
from tools.stack import Stack

Json = dict[str, Any]
MARKETPLACE = "ATVPDKIKX0DER"
_SAMPLE = Path(__file__).parents[1] / "events" / "amazon" / "order.json"


@dataclass
class Seller:
    """An account whose orders the stack hears of and reads; `amazon` is what it then talks to."""

    stack: Stack
    amazon: AmazonStandIn
    account: str

    def put(self, order: Json, times: int = 1) -> None:
        """The order as it stands now, told of as Amazon does: by its id, into our queue."""
        self.amazon.orders[order["orderId"]] = {"order": order}
        sqs, queue = self.stack.client("sqs"), self.stack.resource("InboundQueue")
        for _ in range(times):
            told = json.dumps(notification(self.account, order))
            sqs.send_message(QueueUrl=queue, MessageBody=told)


@contextmanager
def selling(stack: Stack) -> Iterator[Seller]:
    """A seller, known to the stack by the account's secret until the block ends."""
    account, secrets = f"a{uuid.uuid4().hex[:12]}", stack.client("secretsmanager")
    name = f"{stack.name}/channels/amazon/{account}"
    with amazon_stand_in() as amazon:
        keys = {"consumer_key": "id", "consumer_secret": "secret", "refresh_token": account}
        known = {**keys, "api_url": amazon.url, "marketplaces": MARKETPLACE}
        secrets.create_secret(Name=name, SecretString=json.dumps(known))
        try:
            yield Seller(stack, amazon, account)
        finally:
            secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def amazon_order(sku: str, units: int) -> Json:
    """A new order of one line, paid for."""
    sample: Json = json.loads(_SAMPLE.read_text(encoding="utf-8"))["order"]
    name = f"114-{uuid.uuid4().hex[:12]}"
    (item, *_) = sample["orderItems"]
    left = {"quantityFulfilled": 0, "quantityUnfulfilled": units}
    product = {**item["product"], "sellerSku": sku}
    line = {**item, "orderItemId": f"{name}-1", "quantityOrdered": units, "product": product}
    return {**sample, "orderId": name, "orderItems": [{**line, "fulfillment": left}]}


def pending(order: Json) -> Json:
    """The order before it was paid for: without an address and prices."""
    hidden = {"recipient", "buyer", "proceeds"}
    kept = {key: value for key, value in order.items() if key not in hidden}
    fulfillment = {**order["fulfillment"], "fulfillmentStatus": "PENDING"}
    return {**kept, "lastUpdatedTime": order["createdTime"], "fulfillment": fulfillment}


def notification(account: str, order: Json) -> Json:
    """What Amazon puts into the queue when the order changed."""
    change = {
        "SellerId": account.upper(),
        "AmazonOrderId": order["orderId"],
        "OrderChangeTrigger": {"TimeOfOrderChange": order["lastUpdatedTime"]},
        "Summary": {"FulfillmentType": "MFN"},
    }
    return {
        "NotificationType": "ORDER_CHANGE",
        "EventTime": order["lastUpdatedTime"],
        "Payload": {"OrderChangeNotification": change},
        "NotificationMetadata": {"NotificationId": str(uuid.uuid4())},
    }
