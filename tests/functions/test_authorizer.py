"""The TOKEN authorizer on its table."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from dom.api.authorizer import token_hash
from dom.aws.dynamo import marshal
from support.functions import load_function
from support.http import LambdaContext
from support.tables import REGION, moto_tables

ARN = "arn:aws:execute-api:us-east-1:123456789012:abc123/v1/PUT/locations/RENO"
Authorize = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def authorize() -> Iterator[Authorize]:
    with moto_tables() as environment:
        tokens = (
            {"token": "admin", "name": "admin", "scopes": ["*"], "location_ids": []},
            {
                "token": "store",
                "name": "s7",
                "scopes": ["fulfillments:read"],
                "location_ids": ["7"],
            },
            {"token": "old", "name": "old", "scopes": ["*"], "expires_at": int(time.time()) - 1},
        )
        table = environment["TOKENS_TABLE"]
        for token in tokens:
            item = {**token, "token_hash": token_hash(str(token.pop("token")))}
            item.pop("token")
            boto3.client("dynamodb", region_name=REGION).put_item(
                TableName=table, Item=marshal(item)
            )
        function = load_function("authorizer")

        def call(header: str) -> dict[str, Any]:
            event = {"type": "TOKEN", "authorizationToken": header, "methodArn": ARN}
            answer: dict[str, Any] = function.handler(event, LambdaContext())
            return answer

        yield call


def test_a_token_brings_its_scopes_and_locations(authorize: Authorize) -> None:
    assert authorize("Bearer store")["context"] == {
        "name": "s7",
        "scopes": "fulfillments:read",
        "location_ids": '["7"]',
        "expires_at": "",
    }
    assert authorize("Bearer admin")["context"]["location_ids"] == "[]"


def test_an_expired_token_is_denied(authorize: Authorize) -> None:
    statement = authorize("Bearer old")["policyDocument"]["Statement"][0]
    assert statement["Effect"] == "Deny"


@pytest.mark.parametrize("header", ["", "Bearer nobody", "Bearer \ud800"])
def test_nobody_is_unauthorized(authorize: Authorize, header: str) -> None:
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        authorize(header)
