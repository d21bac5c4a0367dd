"""Controls over HTTP: described, listed, gone; channels are told; what cannot be is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from dom.aws.control_store import TTL_SECONDS, ActiveControls, ControlStore
from dom.model.control import Control, ControlKind
from support.api import Backend, backend
from support.tables import REGION, moto_tables

PATH = "/controls/black-friday"
BODY = {
    "kind": "BUFFER",
    "units": 2,
    "skus": [" MUG "],
    "channels": ["shopify"],
    "groups": ["west"],
    "starts_at": "2026-11-27T00:00:00+01:00",
    "ends_at": "2026-11-30T00:00:00+01:00",
}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    with backend() as made:
        queue = made.sqs.create_queue(QueueName="stock")["QueueUrl"]
        monkeypatch.setenv("STOCK_QUEUE_URL", queue)
        yield made


def told(api: Backend) -> int:
    """How many notes wait, later ones too."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"]
    url = api.sqs.get_queue_url(QueueName="stock")["QueueUrl"]
    found = api.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(found[name]) for name in names)


def test_a_control_is_described_listed_and_removed_and_channels_hear_of_it(api: Backend) -> None:
    made = api.call("PUT", PATH, BODY).json
    assert made["control_id"] == "black-friday"
    assert (made["kind"], made["units"], made["skus"]) == ("buffer", 2, ["MUG"])
    assert made["starts_at"] == "2026-11-26T23:00:00.000000Z"
    assert made["version"] == 1
    assert told(api) == 1
    assert api.call("PUT", PATH, BODY).json["version"] == 1
    assert told(api) == 1
    assert api.call("GET", PATH).json == made
    assert api.call("GET", "/controls").json == {"controls": [made]}
    assert api.call("DELETE", PATH).json == made
    assert told(api) == 2
    assert api.call("DELETE", PATH).status == api.call("GET", PATH).status == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "keep"}, "kind"),
        ({"units": 0}, ""),
        ({"units": -1}, "units"),
        ({"units": 1.5}, "units"),
        ({"skus": ["MUG", "\u0000"]}, "skus.1"),
        ({"location_ids": ["a/b"]}, "location_ids.0"),
        ({"starts_at": "2026-11-27T00:00:00"}, "starts_at"),
        ({"ends_at": "2026-11-27T00:00:00+01:00"}, ""),
        ({"kind": "threshold"}, ""),
        ({"kind": "backorder"}, ""),
        ({"kind": "ring_fence"}, ""),
        ({"kind": "ring_fence", "groups": [], "units": 0}, ""),
        ({"kind": "ring_fence", "groups": [], "channels": []}, ""),
        ({"kind": "ring_fence", "groups": [], "skus": []}, ""),
        ({"kind": "ring_fence", "groups": [], "starts_at": None}, ""),
        ({"kind": "ring_fence", "groups": [], "categories": ["kitchen"]}, ""),
        ({"treshold": 3}, "treshold"),
    ],
)
def test_what_cannot_be_a_control_is_named(
    api: Backend, change: dict[str, Any], field: str
) -> None:
    reply = api.call("PUT", PATH, {**BODY, **change})
    assert reply.status == 400
    assert [one["field"] for one in reply.json["errors"]] == [field or "body"]
    assert told(api) == 0


@pytest.mark.parametrize(
    ("kind", "units"), [("ring_fence", 5), ("backorder", 5), ("backorder", 0), ("threshold", 5)]
)
def test_what_is_of_all_locations_together_names_none(api: Backend, kind: str, units: int) -> None:
    body = {**BODY, "kind": kind, "units": units, "groups": []}
    made = api.call("PUT", PATH, body)
    assert (made.status, made.json["kind"], made.json["units"]) == (200, kind, units)


def test_those_in_force_are_read_every_few_seconds() -> None:
    with moto_tables() as tables:
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        store = ControlStore(dynamodb, tables["NETWORK_TABLE"])
        now = [0.0]
        active = ActiveControls(store, lambda: now[0])
        assert active() == ()
        one = Control("a", ControlKind.EXCLUDE)
        assert store.save(one, None)
        assert not store.save(one, None)
        assert active() == ()
        now[0] = TTL_SECONDS
        assert active() == (one,)
        # A table that does not answer leaves the last ones in force.
        now[0] *= 2
        broken = ActiveControls(ControlStore(dynamodb, "nowhere"), lambda: now[0])
        active.store = broken.store
        assert active() == (one,)
        with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
            broken()
