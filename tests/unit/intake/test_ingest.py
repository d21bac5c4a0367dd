"""An event written into its order once, whatever the world does meanwhile."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field, replace

import pytest
from dom.channels import CHANNELS, channel
from dom.errors import Busy, CommitRefused, Conflict, InvalidInput
from dom.intake.batch import Intake, ingest_all
from dom.intake.hold import Policy
from dom.intake.ingest import Outcome, Ports, claim_key, ingest
from dom.intake.ports import Inbound
from dom.model.commit import Commit
from dom.model.facts import Facts, ReturnEvent, ReturnNews, Scans, SeenOrder
from support.fakes import FakeLedger, FakePapers, FakeReservations, frozen
from support.intake import NOW, buckets, inbound, sample

SHOPIFY = CHANNELS["shopify"]
PAID = inbound("orders/paid", sample("orders-paid"), "paid-1")
CREATED = inbound("orders/create", sample("orders-create"), "create-1")
REFUND = inbound("refunds/create", sample("refunds-create"), "refund-1")


@dataclass
class Sent:
    """Where news of returns go."""

    news: list[ReturnNews] = field(default_factory=list)

    def send(self, news: ReturnNews) -> None:
        self.news.append(news)


@dataclass
class Named:
    """Where events go that only name an order."""

    events: list[Inbound] = field(default_factory=list)

    def send(self, inbound: Inbound) -> None:
        self.events.append(inbound)


def send(ledger: FakeLedger, event: Inbound, sent: Sent | None = None) -> Outcome:
    return ingest(event, SHOPIFY, ports(ledger, sent or Sent()), NOW)


def ports(ledger: FakeLedger, sent: Sent) -> Ports:
    carts = FakeReservations(ledger)
    return Ports(ledger, ledger, Policy(), sent, Named(), carts, ledger, FakePapers())


def test_an_event_becomes_an_order_its_claim_and_its_personal_data_in_one_commit() -> None:
    ledger = FakeLedger()

    assert send(ledger, PAID) is Outcome.WRITTEN

    (commit,) = ledger.commits
    (order,) = ledger.orders.values()
    assert order.version == 1
    assert [claim.key for claim in commit.claims] == [
        "claim#shopify#acme.myshopify.com#orders/paid#paid-1"
    ]
    assert ledger.people[order.order_id].data["email"] == "mara.lindqvist@example.com"


def test_a_repeated_delivery_writes_nothing() -> None:
    ledger = FakeLedger()
    send(ledger, PAID)

    assert send(ledger, PAID) is Outcome.UNCHANGED
    assert len(ledger.commits) == 1


def test_a_delivery_that_another_worker_claimed_meanwhile_is_done() -> None:
    # GIVEN a worker that read the order before another one wrote the same delivery
    ledger, other = FakeLedger(), FakeLedger()
    send(ledger, PAID)
    ledger.orders.clear()

    assert send(ledger, PAID) is Outcome.DUPLICATE
    assert not other.commits


def test_an_order_that_changed_meanwhile_is_read_and_merged_again() -> None:
    ledger = FakeLedger()

    def another_worker_first(commit: Commit) -> None:
        ledger.before = lambda _: None
        send(ledger, REFUND)

    ledger.before = another_worker_first

    assert send(ledger, PAID) is Outcome.WRITTEN
    (order,) = ledger.orders.values()
    assert buckets(order)["14900000000001"] == {"cancelled": 1}


def test_an_order_that_never_stands_still_goes_back_to_the_queue() -> None:
    def always(commit: Commit) -> None:
        raise CommitRefused((Conflict("order", "x", None),))

    with pytest.raises(Busy):
        send(FakeLedger(before=always), PAID)


def test_a_topic_that_does_not_concern_us_is_ignored() -> None:
    ledger = FakeLedger()

    assert send(ledger, inbound("products/update", b"{}")) is Outcome.IGNORED
    assert not ledger.commits


def test_different_topics_of_one_delivery_id_are_different_deliveries() -> None:
    assert claim_key(PAID) != claim_key(inbound("orders/create", b"{}", "paid-1"))


def test_five_parallel_deliveries_of_one_event_make_one_order() -> None:
    ledger, lock = FakeLedger(), threading.Lock()
    commit = ledger.commit

    def one_at_a_time(what: Commit) -> None:
        with lock:
            commit(what)

    ledger.commit = one_at_a_time  # type: ignore[method-assign]
    outcomes: list[Outcome] = []
    start = threading.Barrier(5)

    def deliver() -> None:
        start.wait()
        outcomes.append(send(ledger, CREATED))

    threads = [threading.Thread(target=deliver) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes).count(Outcome.WRITTEN) == 1
    assert len(ledger.orders) == len(ledger.commits) == len(outcomes) - 4 == 1


@dataclass
class FakeParking:
    """What was parked, by field."""

    parked: list[tuple[Inbound, str, str]] = field(default_factory=list)

    def park(self, event: Inbound, field: str, reason: str) -> str:
        self.parked.append((event, field, reason))
        return "digest"


def test_a_poison_message_is_parked_and_a_failing_one_comes_again_alone() -> None:
    # GIVEN a good order, one that can never be understood, one of an unknown channel, one that
    # meets a throttled table, and another good one
    events = {
        "good": PAID,
        "poison": inbound("orders/create", {**sample("digital"), "line_items": "none"}),
        "fax": inbound("orders/create", b"{}", channel="fax"),
        "unlucky": inbound("orders/create", sample("kwd")),
        "last": inbound("orders/create", sample("jpy")),
    }
    ledger, parking, counted = FakeLedger(), FakeParking(), list[str]()

    def throttled_for_kuwait(commit: Commit) -> None:
        if commit.orders[0].currency == "KWD":
            raise Busy("throttled")

    ledger.before = throttled_for_kuwait
    intake = Intake(events.__getitem__, channel, parking, frozen(NOW), ports(ledger, Sent()))

    # WHEN they come as one batch
    failed = ingest_all({name: name for name in events}, intake, counted.append, lambda _: None)

    # THEN only the unlucky one comes again, and nobody waits for the poison
    assert failed == ["unlucky"]
    assert {order.currency for order in ledger.orders.values()} == {"USD", "JPY"}
    assert [(event.channel, named) for event, named, _ in parking.parked] == [
        ("shopify", "line_items"),
        ("fax", "message"),
    ]
    assert counted == [
        "EventsWritten",
        "MessagesParked",
        "MessagesParked",
        "MessagesFailed",
        "EventsWritten",
    ]


def test_a_payload_that_cannot_be_understood_names_its_field() -> None:
    with pytest.raises(InvalidInput):
        send(FakeLedger(), inbound("orders/create", b"not json"))


def test_news_of_returns_are_sent_on_and_write_nothing() -> None:
    ledger, sent = FakeLedger(), Sent()
    asked = inbound("returns/request", sample("returns-request"), "return-1")

    assert send(ledger, asked, sent) is Outcome.FORWARDED

    assert not ledger.commits
    assert [one.event for one in sent.news] == [ReturnEvent.REQUESTED]


class Scanner:
    """A carrier that tells of three parcels, of one of them in a word of tomorrow."""

    def parse(self, topic: str, account: str, body: bytes) -> Scans | ReturnNews:
        words = json.loads(body)
        news = tuple(
            ReturnNews(ReturnEvent.SCANNED, NOW, tracking_number=str(i), scan=word)
            for i, word in enumerate(words)
        )
        return Scans(news) if len(news) > 1 else news[0]


@pytest.mark.parametrize(
    ("words", "outcome", "told"),
    [
        (["delivered", "in_transit"], Outcome.FORWARDED, ["0", "1"]),
        (["delivered", "unknown", "in_transit"], Outcome.NOT_UNDERSTOOD, ["0", "2"]),
        (["unknown"], Outcome.NOT_UNDERSTOOD, []),
    ],
)
def test_each_scan_of_a_body_is_sent_on_and_words_that_nobody_knows_are_counted(
    words: list[str], outcome: Outcome, told: list[str]
) -> None:
    sent = Sent()
    event = inbound("scans", json.dumps(words).encode(), "scans-1")

    assert ingest(event, Scanner(), ports(FakeLedger(), sent), NOW) is outcome

    assert [one.tracking_number for one in sent.news] == told


class Thin:
    """A channel whose events only name an order."""

    def parse(self, topic: str, account: str, body: bytes) -> SeenOrder:
        return SeenOrder("7", NOW)


def test_an_event_that_only_names_an_order_is_sent_on_and_writes_nothing() -> None:
    ledger, named = FakeLedger(), Named()
    here = replace(ports(ledger, Sent()), named=named)

    assert ingest(PAID, Thin(), here, NOW) is Outcome.NAMED

    assert named.events == [PAID]
    assert not ledger.commits


class Incomplete:
    """A channel whose events say less than it knows."""

    def parse(self, topic: str, account: str, body: bytes) -> Facts:
        told = SHOPIFY.parse(topic, account, body)
        assert isinstance(told, Facts)
        return replace(told, incomplete=True)


def test_an_order_of_which_more_is_known_is_written_and_asked_for_each_time() -> None:
    # Each time: a worker may have died between the write and the question.
    ledger, named = FakeLedger(), Named()
    here = replace(ports(ledger, Sent()), named=named)

    outcomes = [ingest(PAID, Incomplete(), here, NOW) for _ in range(2)]

    assert outcomes == [Outcome.WRITTEN, Outcome.UNCHANGED]
    assert named.events == [PAID, PAID]


@pytest.mark.parametrize("delivery", ["fetched-7-abc", "reconcile-7-2026"])
def test_what_was_read_of_its_channel_is_never_asked_for_again(delivery: str) -> None:
    ledger, named = FakeLedger(), Named()
    here = replace(ports(ledger, Sent()), named=named)

    assert ingest(replace(PAID, delivery_id=delivery), Incomplete(), here, NOW) is Outcome.WRITTEN

    assert named.events == []


def test_an_order_is_here_even_while_nothing_can_be_asked() -> None:
    class Down(Named):
        def send(self, inbound: Inbound) -> None:
            raise Busy("no queue")

    ledger = FakeLedger()
    here = replace(ports(ledger, Sent()), named=Down())

    with pytest.raises(Busy):  # it comes again
        ingest(PAID, Incomplete(), here, NOW)

    assert len(ledger.commits) == 1
