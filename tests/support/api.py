"""The API's functions on tables of moto, called as API Gateway calls them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any
from urllib.parse import quote

import boto3
import pytest
from dom.aws import keys
from dom.aws.dynamo import marshal
from dom.aws.ledger import DynamoLedger
from dom.model.commit import Commit
from dom.model.ids import LocationId, Sku
from dom.model.stock import Cause, StockChange
from support.bodies import LOCATION
from support.builders import NOW
from support.code import ROOT
from support.functions import load_function
from support.http import LambdaContext, Reply, proxy_event, reply
from support.tables import REGION, moto_tables, people_of

ROUTES = {
    "orders": "order_api",
    "fulfillments": "fulfillment_api",
    "inventory": "inventory_sync",
    "shortages": "inventory_sync",
    "locations": "network_api",
    "products": "network_api",
    "controls": "network_api",
    "promise": "promise_api",
    "availability": "promise_api",
    "reservations": "promise_api",
    "replan": "replan_api",
    "channels": "channel_api",
    "feeds": "feed_api",
    "partners": "partner_api",
    "subscriptions": "subscription_api",
    "counts": "count_api",
    "safety-stock": "network_api",
    "rebalancing-terms": "network_api",
    "suppliers": "network_api",
    "forecasts": "planning_api",
    "rebalancing": "planning_api",
    "slow-stock": "planning_api",
    "transfers": "supply_api",
    "purchase-orders": "supply_api",
    "returns": "returns",
    "return-photos": "returns",
    "return-signals": "returns",
    "rulesets": "ruleset_api",
    "simulations": "simulation_api",
}
# The third segment of a path, where another function answers below an order.
BELOW_ORDERS = {
    "decision": "decision_api",
    "cancel": "order_commands",
    "choose": "order_commands",
    "hold": "order_commands",
    "expedite": "order_commands",
    "release": "order_commands",
    "address": "order_commands",
    "retry-payment": "order_commands",
    "preferences": "order_commands",
}


# And below a FulfillmentOrder.
BELOW_FULFILLMENTS = {"label": "parcel_labels", "reassign": "replan_api"}


class _Functions(dict[str, ModuleType]):
    """By the part of a path that leads to them; loaded when first asked for."""

    def __missing__(self, part: str) -> ModuleType:
        names = {**ROUTES, **BELOW_ORDERS, **BELOW_FULFILLMENTS}
        return self.setdefault(part, load_function(names[part]))


class Backend:
    """Functions, and a way behind them to the tables and the queue."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.dynamodb = boto3.client("dynamodb", region_name=REGION)
        self.sqs = boto3.client("sqs", region_name=REGION)
        self.ledger = DynamoLedger(
            self.dynamodb,
            *(environment[f"{name}_TABLE"] for name in ("ORDERS", "INVENTORY", "NETWORK", "INBOX")),
            people=people_of(environment),
        )
        self.functions = _Functions()

    def call(self, method: str, path: str, body: object = None, **rest: Any) -> Reply:
        """The reply to a request for an encoded path."""
        event = proxy_event(method, path, body, **rest)
        return reply(self.function(path).handler(event, LambdaContext()))

    def function(self, path: str) -> ModuleType:
        """The function that the gateway gives a path to."""
        parts = [*path.split("/"), "", ""]
        known = {"orders": BELOW_ORDERS, "fulfillments": BELOW_FULFILLMENTS}.get(parts[1], {})
        below = parts[3] if parts[3] in known else ""
        return self.functions[below or parts[1]]

    def put_location(self, location_id: str, **changes: Any) -> Reply:
        """PUT /locations/{id} with a valid body."""
        return self.call("PUT", f"/locations/{quote(location_id)}", {**LOCATION, **changes})

    def commit(self, **facts: Any) -> None:
        """Write orders, work or decisions as the stages do."""
        self.ledger.commit(Commit("test", NOW, "test", **facts))

    def reserve(self, sku: str, location_id: str, units: int) -> None:
        """Reserve stock as routing does."""
        change = StockChange(Sku(sku), LocationId(location_id), Cause.ALLOCATION, reserved=units)
        self.commit(stock=(change,))

    def item(self, table: str, key: keys.Key) -> dict[str, Any]:
        """A stored item, or an empty one."""
        from dom.aws.reads import get

        return get(self.dynamodb, self.environment[table], key) or {}

    def put_item(self, table: str, item: dict[str, Any]) -> None:
        """Store an item as it stands."""
        self.dynamodb.put_item(TableName=self.environment[table], Item=marshal(item))

    def messages(self) -> list[str]:
        """Take what waits in the inbound queue."""
        answer = self.sqs.receive_message(
            QueueUrl=self.environment["INBOUND_QUEUE_URL"], MaxNumberOfMessages=10
        )
        return [message["Body"] for message in answer.get("Messages", [])]


@contextmanager
def backend() -> Iterator[Backend]:
    """Tables of template.yaml, a queue and a bucket; functions that have never run."""
    with moto_tables() as environment, pytest.MonkeyPatch.context() as patch:
        queue = boto3.client("sqs", region_name=REGION).create_queue(QueueName="inbound")
        partners = boto3.client("sqs", region_name=REGION).create_queue(QueueName="partners")
        for bucket in ("raw", "feeds"):
            boto3.client("s3", region_name=REGION).create_bucket(Bucket=bucket)
        more = {
            "INBOUND_QUEUE_URL": queue["QueueUrl"],
            "RAW_BUCKET": "raw",
            "FEEDS_BUCKET": "feeds",
            "PARTNER_QUEUE_URL": partners["QueueUrl"],
            "SUBSCRIPTIONS_PREFIX": "dom/subscriptions",
            "FEED_STATE_MACHINE_ARN": _state_machine("feed"),
            "SIMULATION_STATE_MACHINE_ARN": _state_machine("simulation"),
        }
        for name, value in more.items():
            patch.setenv(name, value)
        yield Backend({**environment, **more})


def _state_machine(name: str) -> str:
    made = boto3.client("stepfunctions", region_name=REGION).create_state_machine(
        name=name,
        definition=(ROOT / f"statemachines/{name}.asl.json").read_text(encoding="utf-8"),
        roleArn=f"arn:aws:iam::123456789012:role/{name}",
    )
    return str(made["stateMachineArn"])
