"""Movements are announced as soon as an outlet wants to hear of them, and for nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from dom.aws.stock_queue import ASKED_EVERY, Announcements
from dom.model.outlet import Outlet
from support.builders import NOW


class Shops:
    """Outlets, and how often somebody asked for them."""

    def __init__(self) -> None:
        self.found: list[Outlet] = []
        self.asked = 0

    def all(self) -> list[Outlet]:
        self.asked += 1
        return self.found


class Sent:
    def __init__(self) -> None:
        self.ids: list[str] = []

    def send_ids(self, name: str, ids: Sequence[str], delay: timedelta) -> Sequence[str]:
        self.ids += ids
        return []


def test_the_first_outlet_hears_at_once_and_the_last_one_of_a_while_too_much() -> None:
    shops: Any = Shops()
    sent: Any = Sent()
    now = NOW

    def clock() -> datetime:
        return now

    queue = Announcements(shops, sent, clock)
    assert (queue.send_ids("sku", ["A"]), sent.ids) == ([], [])
    shops.found = [Outlet("shopify", "acme", location="1")]
    for sku in ("B", "C"):
        queue.send_ids("sku", [sku])
    assert (sent.ids, shops.asked) == (["B", "C"], 2)
    shops.found = []
    queue.send_ids("sku", ["D"])
    now += ASKED_EVERY
    queue.send_ids("sku", ["E"])
    assert (sent.ids, shops.asked) == (["B", "C", "D"], 3)
