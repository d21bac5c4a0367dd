"""Lost webhooks are found and brought in within one look, without doubling anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from dom.errors import Busy, Rejected
from dom.intake.ports import Inbound, Mark
from dom.intake.reconcile import Reconciling, reconcile_orders
from dom.model.clock import to_text
from dom.model.facts import SeenOrder
from dom.model.ids import order_id_for
from dom.model.order import Order
from support.builders import NOW, order

MINUTE = timedelta(minutes=1)


@dataclass
class Channel:
    """An account with orders, what we have of them, and looks at them."""

    theirs: dict[str, datetime] = field(default_factory=dict)
    ours: dict[str, datetime | None] = field(default_factory=dict)
    sent: list[Inbound] = field(default_factory=list)
    mark: Mark | None = None
    counts: Counter[str] = field(default_factory=Counter)
    now: datetime = NOW
    per_page: int = 3
    pages: int = 0
    enough_after: int = 1_000
    fails_at: str = ""
    refused: str = ""
    topic: str = "orders/updated"

    def look(self) -> list[str]:
        """Ids of the orders that a look brings in."""
        before = len(self.sent)
        ports = Reconciling(
            self, self, self, lambda: self.now, self._count, lambda: self.pages >= self.enough_after
        )
        brought = reconcile_orders("shopify", "acme", self, ports)
        new = [one.body.decode() for one in self.sent[before:]]
        assert brought == len(new)
        return new

    def _count(self, name: str, value: int) -> None:
        self.counts[name] += value

    def page(
        self, since: datetime, until: datetime, cursor: str
    ) -> tuple[Sequence[SeenOrder], str]:
        self.pages += 1
        rows = sorted((at, name) for name, at in self.theirs.items() if since <= at <= until)
        start = int(cursor or 0)
        end = start + self.per_page
        page = [SeenOrder(name, at) for at, name in rows[start:end]]
        return page, str(end) if end < len(rows) else ""

    def fetch(self, external_id: str) -> bytes:
        if external_id == self.fails_at:
            raise Busy("throttled")
        if external_id == self.refused:
            raise Rejected("not for this token")
        return external_id.encode()

    def send(self, inbound: Inbound) -> None:
        self.sent.append(inbound)

    def load(self, channel: str, account: str) -> Mark | None:
        return self.mark

    def save(self, channel: str, account: str, mark: Mark) -> None:
        self.mark = mark

    def load_many(self, order_ids: Iterable[str]) -> Sequence[Order]:
        wanted = set(order_ids)
        names = {order_id_for("shopify", "acme", name): name for name in self.ours}
        return [
            replace(order(one), source={"updated_at": to_text(at)} if at else {})
            for one, name in names.items()
            for at in [self.ours[name]]
            if one in wanted
        ]


@pytest.fixture
def shop() -> Channel:
    return Channel()


def test_what_is_missing_or_older_here_comes_in_as_a_webhook_would(shop: Channel) -> None:
    at = NOW - 10 * MINUTE
    shop.theirs = {"1": at, "2": at, "3": at, "4": at}
    shop.ours = {"2": at, "3": at - MINUTE, "4": None}
    assert shop.look() == ["1", "3", "4"]
    counts = [shop.counts[f"Orders{name}"] for name in ("Compared", "Missing", "Behind")]
    assert counts == [4, 1, 2]
    first = shop.sent[0]
    assert (first.channel, first.account, first.topic) == ("shopify", "acme", "orders/updated")
    assert len({one.delivery_id for one in shop.sent}) == 3


def test_the_same_change_is_brought_in_once_even_if_it_is_nothing_to_us(shop: Channel) -> None:
    shop.theirs = {"1": NOW - 10 * MINUTE}
    shop.ours = {"1": NOW - 20 * MINUTE}
    assert shop.look() == ["1"]
    shop.now += 10 * MINUTE
    assert shop.look() == []
    shop.theirs["1"] = NOW + 5 * MINUTE
    assert shop.look() == ["1"]


def test_what_is_still_on_its_way_is_left_to_its_webhook(shop: Channel) -> None:
    shop.theirs = {"1": NOW - MINUTE}
    assert shop.look() == []
    shop.now += 2 * MINUTE
    assert shop.look() == ["1"]


def test_each_look_goes_back_behind_the_last(shop: Channel) -> None:
    shop.theirs = {"1": NOW - 10 * MINUTE}
    shop.look()
    # A change that the channel indexed late, and one that is older than every look.
    shop.theirs |= {"2": NOW - 14 * MINUTE, "3": NOW - 16 * MINUTE}
    assert shop.look() == ["2"]


def test_pages_are_read_to_their_end_and_an_interrupted_look_goes_on(shop: Channel) -> None:
    shop.theirs = {str(n): NOW - (30 - n) * MINUTE for n in range(8)}
    shop.enough_after = 1
    assert shop.look() == ["0", "1", "2"]
    assert shop.mark and shop.mark.at == NOW - 28 * MINUTE
    shop.enough_after = 1_000
    assert shop.look() == ["3", "4", "5", "6", "7"]


def test_a_failure_brings_nothing_in_twice_and_loses_nothing(shop: Channel) -> None:
    shop.theirs = {str(n): NOW - (30 - n) * MINUTE for n in range(6)}
    shop.fails_at = "4"
    with pytest.raises(Busy):
        shop.look()
    assert [one.body.decode() for one in shop.sent] == ["0", "1", "2", "3"]
    shop.fails_at = ""
    assert shop.look() == ["3", "4", "5"]
    # The repeat names the same delivery, which ingest takes once.
    assert shop.sent[3].delivery_id == shop.sent[4].delivery_id


def test_an_order_that_is_refused_keeps_no_other_waiting_and_is_named(shop: Channel) -> None:
    shop.theirs = {str(n): NOW - (30 - n) * MINUTE for n in range(6)}
    shop.refused = "1"
    with pytest.raises(Rejected, match="order 1: not for this token"):
        shop.look()
    assert [one.body.decode() for one in shop.sent] == ["0", "2", "3", "4", "5"]
    shop.now += 10 * MINUTE
    assert shop.look() == []
