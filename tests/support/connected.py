"""A shop whose Admin API the running stack may call."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from support.world import World

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
