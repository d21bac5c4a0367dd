"""The sweeper against the tables: a customer who was asked, and does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest
from dom.model.asked import Asked
from dom.model.clock import system_clock
from dom.model.ids import LocationId
from dom.model.order import HoldReason, Method, ShipGroup
from support.api import Backend, backend
from support.builders import line, order
from support.functions import load_function
from support.http import LambdaContext
from support.tables import REGION

RENO = LocationId("RENO")
HOUR = timedelta(hours=1)


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    with backend() as made:
        boto3.client("events", region_name=REGION).create_event_bus(Name="dom")
        monkeypatch.setenv("EVENT_BUS", "dom")
        made.put_location("RENO")
        yield made


def asked(api: Backend, until: datetime, remind_at: datetime | None) -> None:
    group = ShipGroup("sg1", Method.PICKUP, location_id=RENO)
    held = {"hold_reason": HoldReason.INVENTORY_OUT_OF_STOCK, "version": 0}
    choices = {"sg1": Asked(until, RENO, remind_at)}
    waiting = order("ord_a", line("1"), ship_groups=(group,), choices=choices, **held)
    api.commit(orders=(waiting,))


def swept(api: Backend) -> tuple[Any, list[str]]:
    for _ in range(3):
        assert load_function("sweeper").handler({}, LambdaContext())["failed"] == 0
    shown = api.call("GET", "/orders/ord_a").json
    return shown, [entry["type"] for entry in shown["timeline"]]


def test_a_reminder_is_told_once_and_the_choice_stays_open(api: Backend) -> None:
    now = system_clock()
    asked(api, now + HOUR, now - HOUR)
    shown, told = swept(api)
    assert (shown["status"], told) == ("held", ["ChoiceReminded"])
    assert [one["ship_group_id"] for one in shown["choices"]] == ["sg1"]


def test_whose_time_is_over_is_cancelled_once(api: Backend) -> None:
    now = system_clock()
    asked(api, now - HOUR, None)
    shown, told = swept(api)
    assert (shown["status"], told, shown["choices"]) == ("cancelled", ["OrderCancelled"], [])


def test_whose_time_is_not_over_waits(api: Backend) -> None:
    now = system_clock()
    asked(api, now + HOUR, now + HOUR / 2)
    shown, told = swept(api)
    assert (shown["status"], told) == ("held", [])
