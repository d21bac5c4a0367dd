"""Orders that events only name are read from their channel: once, and none in another's way."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from dom.errors import Busy, NotFound, Rejected, Retryable
from dom.intake.fetch import Fetching, fetch_all
from dom.intake.ports import Inbound
from dom.model.facts import Facts, SeenOrder
from support.fakes import frozen
from support.intake import NOW, inbound


class Thin:
    """A channel whose events carry an id, and nothing else."""

    def parse(self, topic: str, account: str, body: bytes) -> SeenOrder | Facts | None:
        name = str(json.loads(body)["id"])
        if topic == "incomplete":
            return Facts("thin", account, name, NOW, incomplete=True)
        return SeenOrder(name, NOW) if topic == "thin" else None


@dataclass
class Vendor:
    """Accounts' orders; what is asked of them and what answers instead of an order."""

    orders: dict[str, bytes]
    answers: dict[str, Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    queued: list[Inbound] = field(default_factory=list)
    parked: list[tuple[str, str]] = field(default_factory=list)
    counted: list[str] = field(default_factory=list)
    left: int = 1000
    account: str = ""
    topic: str = "whole"

    def feed(self, channel: str, account: str) -> Vendor:
        if account == "gone":
            raise Rejected("no secret")
        self.account = account
        return self

    def page(self, since: datetime, until: datetime, cursor: str) -> tuple[list[SeenOrder], str]:
        raise AssertionError("nobody asks for pages")

    def fetch(self, external_id: str) -> bytes:
        self.asked.append(external_id)
        if external_id in self.answers:
            raise self.answers[external_id]
        return self.orders[external_id]

    def send(self, event: Inbound) -> None:
        self.queued.append(event)

    def park(self, event: Inbound, field: str, reason: str) -> str:
        self.parked.append((event.delivery_id, reason))
        return "digest"

    def enough(self) -> bool:
        self.left -= 1
        return self.left < 0

    def bring(self, events: Iterable[Inbound]) -> list[str]:
        """The deliveries that must come again."""
        known = {event.delivery_id: event for event in events}
        channel, clock = Thin(), frozen(NOW)
        ports = Fetching(
            known.__getitem__, lambda _: channel, self.feed, self, self, clock, self.enough
        )
        return fetch_all({name: name for name in known}, ports, self.counted.append, lambda _: None)


def named(order: str, delivery: str = "", account: str = "acme", topic: str = "thin") -> Inbound:
    return inbound(topic, {"id": order}, delivery or f"d-{order}", account=account)


def test_an_order_that_is_named_three_times_is_read_once_and_comes_in_whole() -> None:
    vendor = Vendor({"7": b'{"whole": 7}'})

    assert vendor.bring([named("7", "created"), named("7", "paid"), named("7", "updated")]) == []

    (event,) = vendor.queued
    assert vendor.asked == ["7"]
    assert (event.topic, event.body, event.account) == ("whole", b'{"whole": 7}', "acme")
    assert vendor.counted == ["OrdersFetched"]


def test_the_same_body_is_the_same_delivery_and_a_changed_one_is_not() -> None:
    vendor = Vendor({"7": b"one"})
    vendor.bring([named("7")])
    vendor.bring([named("7")])
    vendor.orders["7"] = b"two"
    vendor.bring([named("7")])

    first, again, changed = (event.delivery_id for event in vendor.queued)
    assert first == again != changed


def test_a_busy_account_is_left_alone_and_others_are_not() -> None:
    vendor = Vendor({"1": b"1", "2": b"2", "3": b"3"}, {"1": Busy("429")})
    events = [named("1"), named("2"), named("3", account="other")]

    assert vendor.bring(events) == ["d-1", "d-2"]

    assert vendor.asked == ["1", "3"]
    assert vendor.counted == ["OrdersFetched", "MessagesFailed", "MessagesFailed"]


def test_what_is_refused_for_good_is_parked_with_its_reason() -> None:
    vendor = Vendor({"3": b"3"}, {"1": NotFound("order", "1")})

    assert vendor.bring([named("1"), named("2", account="gone"), named("3")]) == []

    assert vendor.parked == [("d-1", "order 1 does not exist"), ("d-2", "no secret")]
    assert [event.body for event in vendor.queued] == [b"3"]


def test_a_message_that_names_nothing_and_an_error_of_ours_fail_alone() -> None:
    vendor = Vendor({"3": b"3"}, {"2": KeyError("ours")})
    foreign = named("1", "odd", topic="other")

    assert vendor.bring([foreign, named("2"), named("3")]) == ["odd", "d-2"]

    assert [event.body for event in vendor.queued] == [b"3"]


def test_an_order_that_is_not_ready_keeps_no_other_of_its_account_waiting() -> None:
    vendor = Vendor({"2": b"2"}, {"1": Retryable("not yet")})

    assert vendor.bring([named("1"), named("2")]) == ["d-1"]

    assert [event.body for event in vendor.queued] == [b"2"]


def test_what_there_is_no_time_for_comes_again_unasked() -> None:
    vendor = Vendor({"1": b"1", "2": b"2"}, left=1)

    assert vendor.bring([named("1"), named("2")]) == ["d-2"]

    assert vendor.asked == ["1"]


def test_an_order_of_which_more_is_known_is_read_and_stands_as_it_is_if_that_is_refused() -> None:
    vendor = Vendor({"1": b"1"}, {"2": NotFound("order", "2")})
    events = [named("1", topic="incomplete"), named("1", "again"), named("2", topic="incomplete")]

    assert vendor.bring(events) == []

    assert [event.body for event in vendor.queued] == [b"1"]
    assert vendor.parked == []
    assert vendor.counted == ["OrdersFetched", "OrdersNotAsked"]
