"""By which ways a customer is told, and that nobody is woken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dom.model.clock import to_text
from dom.model.contact import Contact, Quiet, quiet_hours
from dom.model.fulfillment import FulfillmentStatus, Pickup
from dom.model.order import Method, ShipGroup
from dom.notify.ports import MessageStatus, Notice, Post, Way
from dom.notify.reach import reach
from dom.notify.tell import way_of
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders import line, location, order, work
from support.fakes import frozen
from support.post import FakeLater, FakeMailer, FakeMessages, FakeOrders, post

S = MessageStatus
PACIFIC = ZoneInfo("America/Los_Angeles")
NIGHT = datetime(2026, 3, 4, 23, tzinfo=PACIFIC)
MORNING = datetime(2026, 3, 5, 8, tzinfo=PACIFIC)
NOON = datetime(2026, 3, 4, 12, tzinfo=PACIFIC)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
DARK = Quiet(time(21), time(8))
SHIPPED = Notice("ord_a/FO#000001#6", "FulfillmentOrderShipped", "ord_a", "ord_a-1")
READY = replace(SHIPPED, type="FulfillmentOrderReadied")
PLACED = Notice("ord_a/ORDER#1", "OrderPlaced", "ord_a")
MOVED = Notice(
    "ord_a/ORDER#7",
    "PromiseMoved",
    "ord_a",
    data={"ship_group_id": "sg1", "old": to_text(NOON), "new": None},
)


class Stage:
    """A customer in Sacramento, a moment, and everything that was sent."""

    def __init__(self, at: datetime, contact: Contact | None = None, **rest: Any) -> None:
        orders = FakeOrders()
        facts = {"name": "#1001", "contact": contact, "told": {"sg1": None}, **rest}
        orders.orders["ord_a"] = order("ord_a", line("1", title="Blue mug"), **facts)
        orders.customer(name="Zoë", email="zoe@example.com", phone="+1 (916) 555-0100")
        pickup = Pickup("123456", datetime(2026, 3, 12, 7, 0, tzinfo=UTC))
        orders.works["ord_a-1"] = work(status=FulfillmentStatus.SHIPPED, pickup=pickup)
        orders.open(location("RENO"))
        self.orders, self.later, self.phone = orders, FakeLater(), FakeMailer()
        made, self.messages, self.mailer = post(orders, at.astimezone(UTC))
        self.post: Post = replace(made, later=self.later, texter=self.phone, quiet=DARK)

    def reach(self, notice: Notice, at: datetime | None = None) -> list[S]:
        clock = frozen(at.astimezone(UTC)) if at else self.post.clock
        return reach(notice, replace(self.post, clock=clock))

    @property
    def sent(self) -> tuple[int, int]:
        return len(self.mailer.letters), len(self.phone.letters)


def test_only_who_asked_for_text_messages_gets_them() -> None:
    plain = Stage(NOON)
    assert plain.reach(SHIPPED) == [S.SENT]
    assert plain.sent == (1, 0)
    asked = Stage(NOON, Contact(sms=True))
    assert asked.reach(SHIPPED) == [S.SENT, S.SENT]
    (text,) = asked.phone.letters
    assert text.recipient == "+19165550100"
    assert text.text == "Your order #1001 is on its way: https://shop.example/track/ord_a"
    assert (text.subject, text.html) == ("", "")


def test_a_stack_without_text_messages_and_a_message_that_suits_none_send_none() -> None:
    stage = Stage(NOON, Contact(sms=True))
    assert stage.reach(PLACED) == [S.SENT]
    assert reach(SHIPPED, replace(stage.post, texter=None)) == [S.SENT]
    assert stage.sent == (2, 0)


def test_who_wants_no_mail_gets_none() -> None:
    stage = Stage(NOON, Contact(email=False, sms=True))
    assert stage.reach(SHIPPED) == [S.SKIPPED, S.SENT]
    assert stage.sent == (0, 1)
    assert {one.reason for one in stage.messages.stored.values()} == {"NOT_WANTED", ""}


@pytest.mark.parametrize("phone", ["916 555 0100", "", "+0123456789", "+12", "call me"])
def test_a_number_without_its_country_is_never_guessed(phone: str) -> None:
    stage = Stage(NOON, Contact(sms=True))
    stage.orders.customer(email="zoe@example.com", phone=phone)
    assert stage.reach(SHIPPED) == [S.SENT, S.SKIPPED]
    assert stage.sent == (1, 0)


def test_at_night_what_is_not_urgent_waits_for_the_morning_and_is_told_then() -> None:
    stage = Stage(NIGHT)
    assert stage.reach(MOVED) == []
    assert stage.sent == (0, 0)
    assert stage.later.waiting == [(MOVED, MORNING)]
    assert stage.reach(MOVED, MORNING) == [S.SENT]
    assert stage.reach(MOVED, MORNING) == [S.SENT]
    assert stage.sent == (1, 0)


def test_at_night_what_is_urgent_is_told_by_mail_and_no_phone_rings() -> None:
    stage = Stage(NIGHT, Contact(sms=True))
    assert stage.reach(READY) == [S.SENT]
    assert (stage.sent, stage.later.waiting) == ((1, 0), [(READY, MORNING)])
    # In the morning the mail is there already: the claims know.
    assert stage.reach(READY, MORNING) == [S.SENT, S.SENT]
    assert stage.sent == (1, 1)
    assert "code 123456" in stage.phone.letters[0].text


@pytest.mark.parametrize(
    ("contact", "waits"),
    [
        (Contact(quiet="00:00-00:00"), False),
        (Contact(quiet="22:00-23:30"), True),
        (Contact(time_zone="Asia/Tokyo"), False),
        (Contact(time_zone="Asia/Tokyo", quiet="15:00-17:00"), True),
    ],
)
def test_the_customers_own_hours_and_zone_come_first(contact: Contact, waits: bool) -> None:
    stage = Stage(NIGHT, contact)
    assert stage.reach(MOVED) == ([] if waits else [S.SENT])


def test_nobody_waits_for_an_hour_that_nobody_knows() -> None:
    somewhere = (ShipGroup("sg1", Method.PICKUP, None),)
    stage = Stage(NIGHT, ship_groups=somewhere)
    assert stage.reach(MOVED) == [S.SENT]
    store = replace(READY, type="CustomerReminded")
    assert Stage(NIGHT, ship_groups=somewhere).reach(store) == []


def test_events_that_no_message_belongs_to_are_left_alone() -> None:
    stage = Stage(NIGHT)
    assert stage.reach(replace(PLACED, type="OrderPaid")) == []
    assert stage.messages.stored == {}


def test_a_claim_says_by_which_way_it_was() -> None:
    stage = Stage(NOON, Contact(sms=True))
    stage.reach(SHIPPED)
    assert {way_of(key) for key in stage.messages.stored} == {Way.MAIL, Way.SMS}
    assert isinstance(stage.messages, FakeMessages)


class TestQuiet:
    @pytest.mark.parametrize(
        ("hours", "now", "ends"),
        [
            ("21:00-08:00", "2026-03-04T21:00", "2026-03-05T08:00"),
            ("21:00-08:00", "2026-03-04T20:59", None),
            ("21:00-08:00", "2026-03-05T07:59", "2026-03-05T08:00"),
            ("21:00-08:00", "2026-03-05T08:00", None),
            ("12:00-14:00", "2026-03-05T13:00", "2026-03-05T14:00"),
            ("00:00-00:00", "2026-03-05T00:00", None),
            # The night in which the clocks go forward is an hour shorter.
            ("21:00-08:00", "2026-03-07T23:00", "2026-03-08T08:00"),
        ],
    )
    def test_they_end_when_the_clock_on_the_wall_says_so(
        self, hours: str, now: str, ends: str | None
    ) -> None:
        quiet = quiet_hours(hours)
        assert quiet
        found = quiet.until(datetime.fromisoformat(now).replace(tzinfo=PACIFIC), PACIFIC)
        wanted = datetime.fromisoformat(ends).replace(tzinfo=PACIFIC) if ends else None
        assert found == wanted

    @settings(max_examples=80, deadline=None)
    @given(
        st.times(),
        st.times(),
        st.integers(0, 366 * 24 * 60).map(lambda minutes: NEW_YEAR + timedelta(minutes=minutes)),
        st.sampled_from(["America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe"]),
    )
    def test_the_wait_is_over_within_a_day_and_then_it_is_quiet_no_more(
        self, start: time, end: time, now: datetime, name: str
    ) -> None:
        quiet, zone = Quiet(start, end), ZoneInfo(name)
        ends = quiet.until(now, zone)
        if ends is None:
            return
        assert now < ends <= now + timedelta(hours=25)
        again = quiet.until(ends, zone)
        # Only where the clocks go back over the end is there an hour more of it.
        assert again is None or again - ends <= timedelta(hours=1, minutes=1)
