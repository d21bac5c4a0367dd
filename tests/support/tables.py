"""The tables of template.yaml, made in moto: tests never declare a table a second time."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from functools import cache, partial
from typing import Any

import boto3
from dom.aws.data_keys import DataKeys
from dom.aws.personal_store import PersonalStore
from dom.errors import Busy
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.kms.models import kms_backends
from support.code import resources

REGION = "us-east-1"
# What moto needs of a table; the rest (encryption, recovery, policies) is CloudFormation's.
_KEPT = (
    "AttributeDefinitions",
    "KeySchema",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "StreamSpecification",
)


def table_resources() -> Mapping[str, Mapping[str, Any]]:
    """Properties of every AWS::DynamoDB::Table in template.yaml, by logical id."""
    return resources("AWS::DynamoDB::Table")


def create_tables(dynamodb: Any) -> dict[str, str]:
    """Create every table under its logical id; returns `{"ORDERS_TABLE": "OrdersTable", ...}`."""
    for name, properties in table_resources().items():
        dynamodb.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **_request(properties))
    return {_variable(name): name for name in table_resources()}


@contextmanager
def moto_tables() -> Iterator[dict[str, str]]:
    """moto with the template's tables; yields the environment that names them (also set).

    Clients must be made inside: those cached by `dom.aws.clients` are dropped on both sides.
    """
    environment = {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
    _forget_clients()
    with mock_aws(), _variables(environment):
        _moto().tables.update(deepcopy(_empty_tables()))
        named = {_variable(name): name for name in table_resources()}
        named["PERSONAL_KEY"] = _kms_key()
        with _variables(named):
            yield {**environment, **named}
    _forget_clients()


@cache
def _empty_tables() -> Mapping[str, Any]:
    """moto's own objects for them, made once: by its API they take a fifth of a second a test."""
    create_tables(boto3.client("dynamodb", region_name=REGION))
    return deepcopy(dict(_moto().tables))


def _kms_key() -> str:
    """The key that wraps data keys, by its id: by moto's API it takes longer than all the rest."""
    keys = kms_backends[DEFAULT_ACCOUNT_ID][REGION]
    return str(keys.create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "test", None).id)


def people_of(environment: Mapping[str, str]) -> PersonalStore:
    """Personal data in the tables that `moto_tables` yielded."""
    dynamodb = boto3.client("dynamodb", region_name=REGION)
    table, key = environment["KEYS_TABLE"], environment["PERSONAL_KEY"]
    keys = DataKeys(dynamodb, table, partial(boto3.client, "kms", region_name=REGION), key)
    return PersonalStore(dynamodb, environment["ORDERS_TABLE"], keys)


def forget_key(environment: Mapping[str, str], order_id: str) -> None:
    """What a table that was restored from a backup finds of a customer who was forgotten since: the
    sealed item, and no key.
    """
    boto3.client("dynamodb", region_name=REGION).delete_item(
        TableName=environment["KEYS_TABLE"], Key={"order_id": {"S": order_id}}
    )


def throttled(*_: object, **__: object) -> None:
    """KMS, in place of `DataKeys._ask`."""
    raise Busy("KMS: ThrottlingException")


def held_items() -> bytes:
    """Everything in all tables, to go on from it more than once with `put_back`."""
    return pickle.dumps({name: table.items for name, table in _moto().tables.items()})


def put_back(held: bytes) -> None:
    """The tables hold what they held then, and nothing else."""
    for name, items in pickle.loads(held).items():  # noqa: S301 (our own)
        _moto().tables[name].items = items


def _moto() -> Any:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION]


def _request(properties: Mapping[str, Any]) -> dict[str, Any]:
    request = {name: properties[name] for name in _KEPT if name in properties}
    if stream := request.get("StreamSpecification"):
        # CloudFormation implies what the API wants said.
        request["StreamSpecification"] = {
            "StreamEnabled": True,
            "StreamViewType": stream["StreamViewType"],
        }
    return request


def _variable(logical_id: str) -> str:
    """`OrdersTable` is known to functions as ORDERS_TABLE."""
    return f"{logical_id.removesuffix('Table').upper()}_TABLE"


@contextmanager
def _variables(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _forget_clients() -> None:
    from dom.aws.clients import client

    client.cache_clear()
