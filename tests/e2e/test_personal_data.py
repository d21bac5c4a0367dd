"""Who a customer is stands nowhere in plain, and nowhere at all once they are forgotten."""

from __future__ import annotations

import json
from typing import Any

import pytest
from dom.aws.data_keys import DataKeys
from support.asking import good, until
from support.shopify_bodies import shopify_order
from support.world import World

from tools.client import path_of
from tools.demo_model import live
from tools.personal import people_of
from tools.stack import Stack

pytestmark = pytest.mark.e2e
NEW = {"country_code": "US", "postal_code": "83702", "city": "Boise", "address1": "7 Hidden Street"}


def tables_of(world: World) -> str:
    """Everything that all tables hold, in one text; binary values too."""
    held = []
    for table in world.back.stack["tables"].values():
        pages = world.back.dynamodb.get_paginator("scan").paginate(TableName=table)
        held += [json.dumps(page["Items"], default=repr) for page in pages]
    return "\n".join(held)


def sent_anew(works: list[Any], before: Any) -> bool:
    """Whether other work than before is released, and nothing else is there."""
    found = [(work["id"] != before["id"], work["status"]) for work in works]
    return found == [(True, "released")]


def test_a_customers_name_is_in_no_table_and_gone_with_the_key(stack: dict[str, Any]) -> None:
    # GIVEN an order that was shipped somewhere else than it was placed for, and written about
    world = World(stack)
    world.stock(world.sku(), {world.location("SHOP"): 5})
    body = shopify_order((world.sku(), 1))
    body["shipping_address"] |= {"name": "Zenobia Quince", "address1": "1 Secret Lane"}
    world.deliver(body)
    work = world.work_with_status(body, "released")
    name = work["order_id"]
    moved = {**NEW, "name": "Zenobia Quince"}
    good(world.api.call("PATCH", path_of("orders", name, "address"), moved))
    (sent,) = until(lambda: live(world.order(body)), lambda all_: sent_anew(all_, work))
    for action in ("accept", "pick"):
        world.act(sent, action)
    world.act(sent, "pack")
    world.act(sent, "label", {"weight_grams": 500})
    world.act(sent, "ship", {"parcels": [{"tracking_number": "1Z9", "carrier": "UPS"}]})
    until(lambda: world.back.mails(body["email"]), lambda mails: len(mails) >= 2)

    # THEN no table says who or where the customer is
    held = tables_of(world)
    assert name in held
    for secret in ("Zenobia", "Quince", "Secret Lane", "Hidden Street", body["email"]):
        assert secret not in held
    deployed = Stack(stack["stack"], stack["endpoint"], stack["region"])
    people, bucket = people_of(deployed), deployed.resource("RawBucket")
    known = people.read(name)
    assert known and known.data["addresses"]["sg1"]["address1"] == "7 Hidden Street"

    # AND once they are forgotten, what a backup held of them opens for nobody
    backup = world.back.personal(name)
    asked = {"shop_domain": world.shop.account, "orders_to_redact": [body["id"]]}
    s3, labels = deployed.client("s3"), {"Bucket": bucket, "Prefix": f"labels/{name}"}
    assert s3.list_objects_v2(**labels)["KeyCount"] == 1
    world.deliver(asked, "customers/redact")
    until(lambda: world.back.personal(name), lambda found: found is None)
    assert s3.list_objects_v2(**labels)["KeyCount"] == 0
    world.back.dynamodb.put_item(TableName=people.table, Item=backup)
    assert people.read(name) is None
    assert isinstance(people.data_keys, DataKeys) and people.data_keys.of(name) is None
    good(world.api.order(name))
