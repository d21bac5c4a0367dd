"""The daily audit tells which positions differ from their movements, and repairs when asked to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from dom.aws import keys
from support.api import Backend, backend
from support.functions import load_function
from support.http import LambdaContext


class Context(LambdaContext):
    """Of an invocation that has some time left."""

    left = 600_000

    def get_remaining_time_in_millis(self) -> int:
        return self.left


@pytest.fixture
def api() -> Iterator[Backend]:
    with backend() as made:
        made.put_location("RENO")
        for sku in ("MUG", "HAT"):
            made.call("PUT", f"/inventory/RENO/{sku}", {"on_hand": 5})
        item = made.item("INVENTORY_TABLE", keys.position("MUG", "RENO"))
        made.put_item("INVENTORY_TABLE", {**item, "on_hand": 9})
        yield made


def run(event: dict[str, Any], context: Context | None = None) -> dict[str, int]:
    found: dict[str, int] = load_function("inventory_audit").handler(event, context or Context())
    return found


def test_drift_is_counted_and_told_but_not_repaired_unless_asked(
    api: Backend, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    for event, drift in (({}, 1), ({}, 1), ({"repair": True}, 1), ({}, 0)):
        assert run(event) == {
            "AuditedPositions": 2,
            "InventoryDrift": drift,
            "AuditFailures": 0,
            "AuditUnfinished": 0,
        }
    told = [vars(one) for one in caplog.records if one.levelname == "ERROR"]
    assert [(one["sku"], one["location_id"]) for one in told] == [("MUG", "RENO")] * 3
    assert '"InventoryDrift":[1.0]' in capsys.readouterr().out
    assert api.item("INVENTORY_TABLE", keys.position("MUG", "RENO"))["on_hand"] == 5


def test_an_audit_without_time_says_that_it_is_unfinished(api: Backend) -> None:
    context = Context()
    object.__setattr__(context, "left", 1_000)
    assert run({}, context)["AuditUnfinished"] == 1
