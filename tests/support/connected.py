"""A shop, a marketplace and a carrier whose APIs the running stack may call."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from support.world import World

from tools.amazon_stand_in import AmazonStandIn, amazon_stand_in
from tools.carrier_stand_in import CarrierStandIn, carrier_stand_in
from tools.shop_stand_in import ShopStandIn, shop_stand_in


@contextmanager
def connected(world: World) -> Iterator[ShopStandIn]:
    """The shop's Admin API, known to the stack by the account's secret."""
    account, client = world.shop.account, world.back.client("secretsmanager")
    name = f"{world.stack['stack']}/channels/shopify/{account}"
    before = client.get_secret_value(SecretId=name)["SecretString"]
    with shop_stand_in() as shop:
        more = {"access_token": "shpat_test", "api_url": shop.url}
        secret = json.dumps({**json.loads(before), **more})
        client.put_secret_value(SecretId=name, SecretString=secret)
        try:
            yield shop
        finally:
            client.put_secret_value(SecretId=name, SecretString=before)


@dataclass
class Seller:
    """An account of Amazon's, whose orders the stack hears of and reads."""

    world: World
    amazon: AmazonStandIn
    account: str

    def put(self, order: dict[str, Any], times: int = 1) -> None:
        """The order as it stands now, told of as Amazon does: by its id, into our queue."""
        name, at = order["orderId"], order["lastUpdatedTime"]
        self.amazon.orders[name] = {"order": order}
        change = {
            "SellerId": self.account.upper(),
            "AmazonOrderId": name,
            "OrderChangeTrigger": {"TimeOfOrderChange": at},
            "Summary": {"FulfillmentType": "MFN"},
        }
        queue = self.world.stack["queues"]["inbound"]
        for _ in range(times):
            message = {
                "NotificationType": "ORDER_CHANGE",
                "EventTime": at,
                "Payload": {"OrderChangeNotification": change},
                "NotificationMetadata": {"NotificationId": str(uuid.uuid4())},
            }
            sqs = self.world.back.client("sqs")
            sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(message))


@contextmanager
def selling(world: World) -> Iterator[Seller]:
    """A seller of Amazon's, known to the stack by the account's secret."""
    account, client = f"a{uuid.uuid4().hex[:12]}", world.back.client("secretsmanager")
    name = f"{world.stack['stack']}/channels/amazon/{account}"
    with amazon_stand_in() as amazon:
        keys = {"consumer_key": "id", "consumer_secret": "secret", "refresh_token": account}
        known = {**keys, "api_url": amazon.url, "marketplaces": "ATVPDKIKX0DER"}
        client.create_secret(Name=name, SecretString=json.dumps(known))
        try:
            yield Seller(world, amazon, account)
        finally:
            client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


@contextmanager
def carried(world: World) -> Iterator[CarrierStandIn]:
    """A carrier that sells the stack its labels."""
    client, name = world.back.client("secretsmanager"), f"{world.stack['stack']}/carriers/easypost"
    with carrier_stand_in() as carrier:
        known = json.dumps({"api_key": carrier.key, "api_url": f"{carrier.url}/v2"})
        client.create_secret(Name=name, SecretString=known)
        try:
            yield carrier
        finally:
            client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
