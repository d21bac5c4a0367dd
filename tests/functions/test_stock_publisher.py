"""From a movement to what the shop shows, on the real tables, queue and ATS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from support.api import Backend, backend
from support.functions import load_function
from support.http import LambdaContext
from support.tables import REGION

from tools.shop_stand_in import ShopStandIn, shop_stand_in

PATH = "/channels/shopify/acme.myshopify.com"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    with backend() as made:
        queue = made.sqs.create_queue(QueueName="stock")["QueueUrl"]
        monkeypatch.setenv("STOCK_QUEUE_URL", queue)
        monkeypatch.setenv("SECRETS_PREFIX", "dom/channels")
        made.put_location("RENO")
        yield made


@pytest.fixture
def shop(api: Backend) -> Iterator[ShopStandIn]:
    secrets = boto3.client("secretsmanager", region_name=REGION)
    with shop_stand_in() as made:
        known = {"access_token": "shpat_1", "api_url": made.url}
        name = "dom/channels/shopify/acme.myshopify.com"
        secrets.create_secret(Name=name, SecretString=json.dumps(known))
        yield made


def stock(api: Backend, sku: str, units: int) -> None:
    """A count, and its availability document."""
    api.call("PUT", f"/inventory/RENO/{sku}", {"on_hand": units})
    from dom.aws.availability_store import DynamoAvailabilityStore
    from dom.inventory.project import project
    from dom.model.ids import LocationId, Sku

    store = DynamoAvailabilityStore(api.dynamodb, api.environment["INVENTORY_TABLE"])
    project(Sku(sku), [LocationId("RENO")], store)


def waiting(api: Backend) -> list[Any]:
    """Bodies in the stock queue, taken; delayed ones do not show."""
    url = api.sqs.get_queue_url(QueueName="stock")["QueueUrl"]
    answer = api.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    found = answer.get("Messages", [])
    for message in found:
        api.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in found]


def tell(*bodies: object) -> list[str]:
    records = [
        {
            "messageId": str(n),
            "body": body if isinstance(body, str) else json.dumps(body),
            "attributes": {"SentTimestamp": "1772636400000"},
        }
        for n, body in enumerate(bodies)
    ]
    function = load_function("stock_publisher")
    answer: Any = function.handler({"Records": records}, LambdaContext())
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def test_the_shop_shows_what_may_be_sold_and_poison_stops_nobody(
    api: Backend, shop: ShopStandIn
) -> None:
    assert api.call("PUT", PATH, {"location": "7"}).status == 200
    stock(api, "MUG", 3)
    shop.stock.add("MUG", "7", 9)
    assert tell("{not json", {"sku": "MUG"}, {"nothing": 1}, {"sku": "GHOST"}) == ["0", "2"]
    assert shop.stock.shown("MUG", "7") == 3
    item = api.item("INVENTORY_TABLE", {"pk": "MUG", "sk": "LISTING#shopify#acme.myshopify.com"})
    assert (item["shown"], item["item"]) == (3, "gid://shopify/InventoryItem/1")


def test_a_kit_is_shown_as_its_components_allow_and_moves_with_them(
    api: Backend, shop: ShopStandIn
) -> None:
    # GIVEN a kit of mugs that are there, one of goods that never were, and stock of a kit itself
    api.call("PUT", PATH, {"location": "7"})
    for kit, parts in (("SET", {"MUG": 2}), ("GHOSTS", {"MUG": 1, "GHOST": 1})):
        components = [{"sku": sku, "quantity": n} for sku, n in parts.items()]
        assert api.call("PUT", f"/products/{kit}", {"components": components}).status == 200
    stock(api, "MUG", 7)
    stock(api, "SET", 99)
    for sku in ("SET", "GHOSTS"):
        shop.stock.add(sku, "7", 50)
    waiting(api)
    # WHEN a mug moves, its kits are to be looked at, since when the mug moved
    assert tell({"sku": "MUG"}) == []
    notes = waiting(api)
    assert [one["sku"] for one in notes] == ["GHOSTS", "SET"]
    assert {one["since"] for one in notes} == {"2026-03-04T15:00:00.000000Z"}
    # THEN channels are shown the kit, and that none of the other can be put together
    assert tell(*notes) == []
    assert (shop.stock.shown("SET", "7"), shop.stock.shown("GHOSTS", "7")) == (3, 0)
    assert waiting(api) == []


def test_an_outlet_is_described_listed_compared_and_removed(
    api: Backend, shop: ShopStandIn
) -> None:
    wanted = {"location": "7"}
    made = api.call("PUT", PATH, wanted).json
    assert made == {
        "channel": "shopify",
        "account": "acme.myshopify.com",
        "location": "7",
        "active": True,
        "pays_back": False,
        "capture": "never",
        "version": 1,
    }
    page = {"channel": "shopify", "account": "acme.myshopify.com", "cursor": ""}
    assert waiting(api) == [page]
    assert api.call("PUT", PATH, wanted).json["version"] == 1
    assert waiting(api) == []
    assert api.call("GET", PATH).json == api.call("GET", "/channels").json["channels"][0] == made
    assert api.call("POST", f"{PATH}/reconcile").status == 202
    assert waiting(api) == [page]
    stock(api, "MUG", 3)
    shop.stock.add("MUG", "7", 9)
    assert tell(page) == []
    assert shop.stock.shown("MUG", "7") == 3
    assert api.call("PUT", PATH, {"location": "7", "active": False}).json["version"] == 2
    assert waiting(api) == []
    assert api.call("DELETE", PATH).status == 200
    assert api.call("DELETE", PATH).status == api.call("GET", PATH).status == 404
    assert api.call("GET", "/channels").json == {"channels": []}


def test_a_location_that_was_switched_and_the_night_ask_for_everything(
    api: Backend, shop: ShopStandIn
) -> None:
    api.call("PUT", PATH, {"location": "7"})
    waiting(api)
    page = {"channel": "shopify", "account": "acme.myshopify.com", "cursor": ""}
    assert tell({"detail-type": "LocationChanged", "detail": {"location_id": "RENO"}}) == []
    assert waiting(api) == [page]
    assert load_function("stock_publisher").handler({}, LambdaContext()) == {}
    assert waiting(api) == [page]


def test_a_shop_that_is_down_is_shown_later(api: Backend, shop: ShopStandIn) -> None:
    api.call("PUT", PATH, {"location": "7"})
    stock(api, "MUG", 3)
    shop.stock.add("MUG", "7", 9)
    shop.failures = [503]
    assert tell({"sku": "MUG"}) == ["0"]
    assert tell({"sku": "MUG"}) == []
    assert shop.stock.shown("MUG", "7") == 3


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/channels/easypost/acme", {"location": "7"}, "channel"),
        ("/channels/easypost/acme", {}, "channel"),
        ("/channels/shopify/a%20b", {"location": "7"}, "account"),
        (PATH, {"location": 7}, "location"),
        (PATH, {"location": "gid://shopify/Location/7"}, "location"),
        (PATH, {"location": "7", "active": "yes"}, "active"),
    ],
)
def test_what_cannot_be_an_outlet_is_refused_by_field(
    api: Backend, path: str, body: object, field: str
) -> None:
    reply = api.call("PUT", path, body)
    assert reply.status == 400
    assert [one["field"] for one in reply.json["errors"]] == [field]
