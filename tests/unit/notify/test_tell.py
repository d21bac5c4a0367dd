"""The customer is told once; what nobody saw the end of waits for an operator."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from dom.errors import Busy, NotFound
from dom.model.fulfillment import (
    FulfillmentLine,
    FulfillmentOrder,
    FulfillmentStatus,
    Parcel,
    Pickup,
    Together,
    noted,
)
from dom.model.ids import FulfillmentOrderId, Sku
from dom.model.order import Bucket, HoldReason
from dom.notify.ports import (
    Letter,
    MessageStatus,
    NotAccepted,
    Notice,
    OutcomeUnknown,
    RefusedByMailer,
)
from dom.notify.tell import IN_FLIGHT, RESENDABLE, tell
from support.builders import NOW, line, location, order, work
from support.fakes import frozen
from support.post import FakeOrders, post

S = MessageStatus
PLACED = Notice("ord_a/ORDER#1", "OrderPlaced", "ord_a")
SHIPPED = Notice("ord_a/FO#000001#6", "FulfillmentOrderShipped", "ord_a", "ord_a-1")
KEY = "notify#ord_a/ORDER#1#order_confirmed"


READY = Notice("ord_a/FO#000001#6", "FulfillmentOrderReadied", "ord_a", "ord_a-1")


class Killed(BaseException):
    """The worker dies: nothing after it runs."""


def orders(**rest: object) -> FakeOrders:
    found = FakeOrders()
    found.orders["ord_a"] = order("ord_a", line("1", title="Blue mug", quantity=2), **rest)
    found.customer(name="Zoë Ann", email="zoe@example.com")
    return found


def test_a_placed_order_is_confirmed_to_its_customer() -> None:
    stage, messages, mailer = post(orders(name="#1001"))
    assert tell(PLACED, stage) is S.SENT
    [letter] = mailer.letters
    assert letter.recipient == "zoe@example.com"
    assert letter.subject == "We have your order #1001"
    assert "Hello Zoë Ann," in letter.text
    assert "- 2 x Blue mug" in letter.text
    assert messages.stored[KEY].message_id == "mail-1"


def test_the_claim_holds_no_address() -> None:
    stage, messages, _ = post(orders())
    tell(PLACED, stage)
    assert "example.com" not in repr(messages.stored)
    assert messages.stored[KEY].recipient


def test_a_held_order_is_confirmed_all_the_same() -> None:
    stage, _, mailer = post(orders(hold_reason=HoldReason.AWAITING_PAYMENT))
    assert tell(PLACED, stage) is S.SENT
    assert len(mailer.letters) == 1


def test_the_same_event_five_times_sends_one_letter() -> None:
    stage, _, mailer = post(orders())
    assert [tell(PLACED, stage) for _ in range(5)] == [S.SENT] * 5
    assert len(mailer.letters) == 1


def test_a_shipment_is_told_with_its_own_lines_and_every_parcel() -> None:
    found = orders()
    parcels = (
        Parcel("1Z999", "UPS", "https://ups.example/1Z999"),
        Parcel("", "Courier", "https://courier.example/x"),
        Parcel(weight_grams=300),
    )
    found.works["ord_a-1"] = work(1, FulfillmentStatus.SHIPPED, parcels=parcels)
    stage, _, mailer = post(found)
    assert tell(SHIPPED, stage) is S.SENT
    text = mailer.letters[0].text
    assert "- 1 x Blue mug" in text
    assert "- Parcel UPS 1Z999 https://ups.example/1Z999" in text
    assert "- Parcel Courier https://courier.example/x" in text
    assert text.count("Parcel") == 2


def test_two_works_of_an_order_in_one_box_are_told_once_with_all_that_is_in_it() -> None:
    found, parcels = orders(), (Parcel("1Z999", "UPS"),)
    together = Together("s1", tuple(FulfillmentOrderId(f"ord_{x}") for x in ("z-1", "a-1", "a-2")))
    for number in (1, 2):
        made = work(number, FulfillmentStatus.SHIPPED, parcels=parcels, together=together)
        found.works[made.id] = made
    stage, messages, mailer = post(found)
    second = replace(SHIPPED, event_id="second", fulfillment_order_id="ord_a-2")
    assert [tell(one, stage) for one in (second, SHIPPED)] == [S.SKIPPED, S.SENT]
    assert "TOLD_TOGETHER" in {one.reason for one in messages.stored.values()}
    text = mailer.letters[0].text
    assert "- 2 x Blue mug" in text
    assert text.count("Parcel") == 1


class TestSplit:
    """What comes apart is said with what has left."""

    def told(self, *rest: FulfillmentOrder, hats: Bucket = Bucket.ALLOCATED, **more: Any) -> Letter:
        found = orders(name="#1001", **more)
        mug, hat = found.orders["ord_a"].lines[0], line("2", "HAT", title="Hat")
        lines = (
            replace(mug, quantity=1, buckets={Bucket.SHIPPED: 1}),
            replace(hat, buckets={hats: 1}),
        )
        found.orders["ord_a"] = replace(found.orders["ord_a"], lines=lines)
        sent = work(1, FulfillmentStatus.SHIPPED, delivers_by=NOW + timedelta(days=3))
        found.works = {one.id: one for one in (sent, *rest)}
        stage, _, mailer = post(found)
        assert tell(SHIPPED, stage) is S.SENT
        return mailer.letters[0]

    def hat(self, **rest: Any) -> FulfillmentOrder:
        return work(2, lines=(FulfillmentLine("2", Sku("HAT"), 1),), **rest)

    def test_the_day_of_each_part_is_told(self) -> None:
        letter = self.told(self.hat(delivers_by=NOW + timedelta(days=5)))
        assert "We expect it to be with you by Saturday, March 7, 2026." in letter.text
        assert "- 1 x Hat: by Monday, March 9, 2026" in letter.text

    def test_why_it_comes_apart_is_told_where_it_is_known(self) -> None:
        short = self.told(hats=Bucket.BACKORDERED).text
        assert "- 1 x Hat: not in stock yet, we send it as soon as it is" in short
        late = self.told(self.hat(delivers_by=NOW), told={"sg1": None}).text
        assert "- 1 x Hat: by itself, and we write when it leaves" in late

    def test_nothing_is_said_of_a_rest_that_there_is_not(self) -> None:
        for letter in (
            self.told(self.hat(status=FulfillmentStatus.SHIPPED), hats=Bucket.SHIPPED),
            self.told(hats=Bucket.CANCELLED),
        ):
            assert "The rest" not in letter.text

    def test_no_day_is_told_of_what_left_too_late_for_it(self) -> None:
        found = orders()
        sent = work(1, FulfillmentStatus.SHIPPED, delivers_by=NOW + timedelta(days=3), ships_by=NOW)
        late = noted(sent, NOW + timedelta(hours=1), "FulfillmentOrderShipped", "ana")
        found.works["ord_a-1"] = late
        stage, _, mailer = post(found)
        tell(SHIPPED, stage)
        assert "expect" not in mailer.letters[0].text
        parcels = (Parcel("1Z", arrives_on=date(2026, 3, 8)),)
        found.works["ord_a-1"] = replace(late, parcels=parcels)
        tell(replace(SHIPPED, event_id="again"), stage)
        assert "by Sunday, March 8, 2026" in mailer.letters[1].text


def test_a_customer_is_written_to_in_the_language_of_the_order() -> None:
    stage, _, mailer = post(orders(name="#1001", locale="de-AT"))
    tell(PLACED, stage)
    (letter,) = mailer.letters
    assert letter.subject == "Wir haben Ihre Bestellung #1001"
    assert "Guten Tag Zoë Ann," in letter.text and "4. März 2026" in letter.text


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (orders(test=True), "TEST_ORDER"),
        (
            orders(lines=(line("1", quantity=2, buckets={Bucket.CANCELLED: 2}),)),
            "ORDER_CANCELLED",
        ),
    ],
)
def test_orders_that_are_none_are_not_confirmed(found: FakeOrders, reason: str) -> None:
    stage, messages, mailer = post(found)
    assert tell(PLACED, stage) is S.SKIPPED
    assert (mailer.letters, messages.stored[KEY].reason) == ([], reason)


@pytest.mark.parametrize("data", [{}, {"email": ""}, {"email": None}, {"email": "not an address"}])
def test_without_an_address_the_message_is_skipped(data: dict[str, object]) -> None:
    found = orders()
    found.customer(**data)
    stage, messages, mailer = post(found)
    assert tell(PLACED, stage) is S.SKIPPED
    assert (mailer.letters, messages.stored[KEY].reason) == ([], "NO_ADDRESS")


def test_a_forgotten_customer_is_not_written_to() -> None:
    found = orders()
    del found.people["ord_a"]
    stage, _, mailer = post(found)
    assert tell(PLACED, stage) is S.SKIPPED
    assert mailer.letters == []


def test_events_that_no_message_belongs_to_are_left_alone() -> None:
    stage, messages, _ = post(orders())
    assert tell(replace(PLACED, type="OrderPaid"), stage) is None
    assert messages.stored == {}


def test_an_event_of_an_unknown_order_is_refused_and_claims_nothing() -> None:
    stage, messages, _ = post(FakeOrders())
    with pytest.raises(NotFound):
        tell(PLACED, stage)
    assert messages.stored == {}


def test_a_throttled_mailer_gives_the_claim_back_and_the_retry_sends() -> None:
    stage, messages, mailer = post(orders())
    mailer.raises = [NotAccepted("Throttling")]
    with pytest.raises(NotAccepted):
        tell(PLACED, stage)
    assert messages.stored[KEY].status is S.READY
    assert tell(PLACED, stage) is S.SENT
    assert len(mailer.letters) == 1


def test_a_letter_that_the_mailer_will_never_take_ends_as_failed_with_the_reason() -> None:
    stage, messages, mailer = post(orders())
    mailer.raises = [RefusedByMailer("MessageRejected")]
    assert tell(PLACED, stage) is S.FAILED
    assert tell(PLACED, stage) is S.FAILED
    assert (mailer.letters, messages.stored[KEY].reason) == ([], "MessageRejected")


def test_no_answer_from_the_mailer_leaves_the_message_unknown_and_unsent_again() -> None:
    stage, _, mailer = post(orders())
    mailer.raises, mailer.takes_before_raising = [OutcomeUnknown("ReadTimeoutError")], True
    assert tell(PLACED, stage) is S.UNKNOWN
    assert tell(PLACED, stage) is S.UNKNOWN
    assert len(mailer.letters) == 1


@pytest.mark.parametrize("taken", [False, True])
def test_a_worker_killed_while_sending_leaves_the_message_unknown(taken: bool) -> None:
    # GIVEN a worker that dies before or after the mailer took the letter
    stage, messages, mailer = post(orders())
    mailer.raises, mailer.takes_before_raising = [Killed()], taken
    with pytest.raises(Killed):
        tell(PLACED, stage)
    # WHEN the queue delivers the event again after its visibility timeout
    later = replace(stage, clock=frozen(NOW + IN_FLIGHT))
    # THEN nothing more is sent
    assert tell(PLACED, later) is S.UNKNOWN
    assert len(mailer.letters) == taken
    assert messages.stored[KEY].reason == "INTERRUPTED"


def test_a_twin_delivery_waits_while_the_first_may_still_be_sending() -> None:
    stage, messages, mailer = post(orders())
    mailer.raises = [Killed()]
    with pytest.raises(Killed):
        tell(PLACED, stage)
    with pytest.raises(Busy):
        tell(PLACED, replace(stage, clock=frozen(NOW + IN_FLIGHT - timedelta(seconds=1))))
    assert messages.stored[KEY].status is S.CLAIMED


def test_an_operator_may_send_an_unknown_message_once_more() -> None:
    stage, _, mailer = post(orders())
    mailer.raises = [OutcomeUnknown("ReadTimeoutError")]
    tell(PLACED, stage)
    assert tell(PLACED, stage, over=RESENDABLE) is S.SENT
    assert tell(PLACED, stage, over=RESENDABLE) is S.SENT
    assert len(mailer.letters) == 1


def waiting(**rest: object) -> FakeOrders:
    """The mug lies ready at a store until the end of Wednesday 11 March, its own time."""
    found = orders()
    until = datetime(2026, 3, 12, 7, 0, tzinfo=UTC)
    pickup = Pickup("123456", until)
    facts = {"status": FulfillmentStatus.READY_FOR_PICKUP, "pickup": pickup, **rest}
    found.works["ord_a-1"] = work(**facts)  # type: ignore[arg-type]
    place = {"address1": "1 Main St", "city": "Reno", "postal_code": "89501"}
    found.open(location("RENO", name="Reno Store", hours="Mon-Sat 9-18", **place))
    return found


def test_a_ready_message_says_where_until_when_and_with_which_code() -> None:
    stage, _, mailer = post(waiting())
    assert tell(READY, stage) is S.SENT
    [letter] = mailer.letters
    for told in (
        "Where: Reno Store, 1 Main St, 89501 Reno",
        "Open: Mon-Sat 9-18",
        "Until: Wednesday, March 11, 2026",
        "Pickup code: 123456",
    ):
        assert told in letter.text and told in letter.html


@pytest.mark.parametrize("type_", ["FulfillmentOrderReadied", "CustomerReminded"])
def test_nobody_is_called_for_what_is_collected_already(type_: str) -> None:
    over = Pickup("123456", datetime(2026, 3, 12, 7, 0, tzinfo=UTC)).over()
    stage, messages, mailer = post(waiting(status=FulfillmentStatus.COLLECTED, pickup=over))
    assert tell(replace(READY, type=type_), stage) is S.SKIPPED
    assert mailer.letters == []
    assert [one.reason for one in messages.stored.values()] == ["NOTHING_TO_COLLECT"]


@pytest.mark.parametrize(
    ("status", "scan", "told"),
    [
        (FulfillmentStatus.SHIPPED, "out_for_delivery", S.SENT),
        (FulfillmentStatus.SHIPPED, "in_transit", S.SKIPPED),
        (FulfillmentStatus.DELIVERED, "out_for_delivery", S.SKIPPED),
        (FulfillmentStatus.DELIVERY_FAILED, "out_for_delivery", S.SKIPPED),
    ],
)
def test_today_is_told_only_while_it_is_on_its_way(
    status: FulfillmentStatus, scan: str, told: MessageStatus
) -> None:
    found = orders()
    found.works["ord_a-1"] = work(status=status, parcels=(Parcel("1Z", scan=scan),))
    notice = Notice("ord_a/FO#000001#7", "ParcelOutForDelivery", "ord_a", "ord_a-1")
    assert tell(notice, post(found)[0]) is told


class TestCancelled:
    def notice(self, *, whole: bool = False) -> Notice:
        data = {"units": 1, "whole_order": whole}
        return Notice("ord_a/ORDER#7", "OrderCancelled", "ord_a", data=data)

    def cancelled(self, units: int) -> FakeOrders:
        found = orders(name="#1001")
        buckets = {Bucket.CANCELLED: units, Bucket.PENDING: 2 - units}
        mug = line("1", title="Blue mug", quantity=2, buckets=buckets)
        found.orders["ord_a"] = replace(found.orders["ord_a"], lines=(mug,))
        return found

    def test_a_part_that_will_not_come_is_told(self) -> None:
        stage, _, mailer = post(self.cancelled(1))
        assert tell(self.notice(), stage) is S.SENT
        (letter,) = mailer.letters
        assert letter.subject == "Part of your order #1001 is cancelled"
        assert "The rest is not affected." in letter.text and "- 1 x Blue mug" in letter.text

    def test_a_whole_order_is_told_though_nothing_else_of_it_is(self) -> None:
        stage, _, mailer = post(self.cancelled(2))
        assert tell(self.notice(whole=True), stage) is S.SENT
        assert tell(PLACED, stage) is S.SKIPPED
        (letter,) = mailer.letters
        assert letter.subject == "Your order #1001 is cancelled"
        assert (
            "will not be sent. This is cancelled" in letter.text and "- 2 x Blue mug" in letter.text
        )


class TestPaidBack:
    def notice(self, **data: object) -> Notice:
        refunded = [{"line_id": "1", "quantity": 1}, {"line_id": "1", "quantity": 1}]
        told = {"amount": 1230, "currency": "EUR", "refunded": refunded, **data}
        return Notice("ord_a/RETURN#3", "RefundSent", "ord_a", data=told)

    def test_what_was_paid_back_is_told_with_what_it_is_for(self) -> None:
        stage, messages, mailer = post(orders(name="#1001"))
        assert tell(self.notice(), stage) is S.SENT
        (letter,) = mailer.letters
        assert letter.subject == "Your order #1001: 12.30 EUR paid back"
        assert "the way you paid" in letter.text and "- 2 x Blue mug" in letter.text
        (stored,) = messages.stored.values()
        assert stored.notice.data["amount"] == 1230

    def test_store_credit_and_yen_are_told_as_such(self) -> None:
        stage, _, mailer = post(orders())
        tell(self.notice(store_credit=True, currency="JPY"), stage)
        assert "1230 JPY, as store credit" in mailer.letters[0].text

    def test_an_even_exchange_pays_nothing_and_says_nothing(self) -> None:
        stage, _, mailer = post(orders())
        assert tell(self.notice(amount=0), stage) is S.SKIPPED
        assert not mailer.letters
