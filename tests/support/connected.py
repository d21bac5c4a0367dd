"""A shop whose Admin API, and a carrier whose API, the running stack may call."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from support.asking import good
from support.world import World

from tools.carrier_stand_in import CarrierStandIn, carrier_stand_in
from tools.client import path_of
from tools.shop_stand_in import ShopStandIn, shop_stand_in
from tools.supplier_stand_in import SupplierStandIn, supplier_stand_in


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


@contextmanager
def supplied(world: World, place: str) -> Iterator[SupplierStandIn]:
    """The supplier behind a location, told by signed requests."""
    client, name = world.back.client("secretsmanager"), f"{world.stack['stack']}/suppliers/{place}"
    with supplier_stand_in() as supplier:
        url = f"{supplier.url}/orders"
        known = json.dumps({"secret": supplier.secret, "key_id": "k1", "url": url})
        client.create_secret(Name=name, SecretString=known)
        hook = {"transport": "webhook", "url": "https://supplier.example/orders"}
        good(world.api.call("PUT", path_of("suppliers", place), hook))
        try:
            yield supplier
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
