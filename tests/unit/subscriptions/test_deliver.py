"""Events to subscribers: each on its own, again and again for a day, and nothing lost."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from dom.errors import Busy, NotFound, Rejected
from dom.model.subscription import MOST, Subscription, SubscriptionStatus
from dom.subscriptions.deliver import PATIENCE, Outcome
from dom.subscriptions.fan_out import fan_out
from dom.subscriptions.manage import change, rotate, subscribe, unsubscribe
from dom.subscriptions.ports import Answer, Delivery
from support.builders import NOW
from support.subscribing import World, event, subscription

DOWN = Answer(500)
RENO = {"location_id": "RENO"}


@pytest.mark.parametrize(
    ("types", "places", "told", "wanted"),
    [
        (("*",), (), event("Anything"), True),
        (("OrderPlaced",), (), event("OrderPlaced"), True),
        (("OrderPlaced",), (), event("OrderPlacedTwice"), False),
        (("*",), ("RENO",), event(data=RENO), True),
        (("*",), ("RENO",), event("LocationChanged", **RENO), True),
        (("*",), ("BOSTON",), event(data=RENO), False),
        (("*",), ("RENO",), event(), False),
    ],
)
def test_a_subscription_wants_its_types_at_its_locations(
    types: tuple[str, ...], places: tuple[str, ...], told: dict[str, object], wanted: bool
) -> None:
    assert subscription(event_types=types, location_ids=places).wants(told) is wanted


def test_an_event_is_one_delivery_for_each_that_wants_it_also_if_it_is_paused() -> None:
    world = World()
    world.subscribe("sub_a", "sub_b")
    world.subscribe("sub_c", status=SubscriptionStatus.PAUSED)
    world.subscribe("sub_d", event_types=("OrderCancelled",))
    assert fan_out(event(), world.store.all(), world, NOW) == 3
    assert {one.subscription_id for _, one in world.waiting} == {"sub_a", "sub_b", "sub_c"}


def test_what_is_not_taken_comes_again_later_and_later_for_a_day_and_is_kept_then() -> None:
    world = World()
    world.subscribe("sub_a")
    world.answers["sub_a"] = DOWN
    assert world.deliver() is Outcome.LATER
    world.go_on()
    times = world.times("sub_a")
    waits = [after - before for before, after in pairwise(times)]
    assert waits[:-1] == sorted(waits[:-1])
    assert 8 <= len(times) <= 20
    # The last attempt comes when its time is over, and by then all of it took nothing for a day.
    assert 0 <= times[-1] - PATIENCE.total_seconds() <= 900
    assert not world.store.stored["sub_a"].active
    assert [one.event for one in world.dead] == [event()]
    assert {told for _, told, _ in world.told} == {event()["event_id"]}


@pytest.mark.parametrize("random", [0.0, 1.0])
def test_chance_spreads_attempts_but_never_doubles_them(random: float) -> None:
    world = World(random=random)
    world.subscribe("sub_a")
    world.answers["sub_a"] = DOWN
    world.deliver()
    world.go_on()
    assert world.times("sub_a")[1] == pytest.approx(2.5 + 2.5 * random)
    assert len(world.dead) == 1 and not world.waiting


def test_one_that_is_down_rests_and_costs_its_neighbors_nothing() -> None:
    world = World()
    world.subscribe("sub_a", "sub_b")
    world.answers["sub_a"] = DOWN
    for n in range(200):
        for name in ("sub_a", "sub_b"):
            world.deliver(name, event(f"E{n}"))
    assert len(world.times("sub_a")) == 3
    assert len(world.times("sub_b")) == 200
    world.go_on(timedelta(hours=1))
    # Ever longer rests, each followed by one attempt.
    assert len(world.times("sub_a")) < 30
    del world.answers["sub_a"]
    world.go_on(timedelta(hours=1))
    assert len({told for who, told, _ in world.told if who == "sub_a"}) == 200
    assert not world.waiting and not world.dead
    assert world.store.stored["sub_a"].failures == 0


def test_one_poison_event_goes_to_the_dead_letters_and_pauses_nobody() -> None:
    world = World()
    world.subscribe("sub_a")
    for hour in range(30):
        world.answers["sub_a"] = DOWN
        if not hour:
            world.deliver()
        world.go_on(timedelta(hours=1))
        world.now = max(world.now, NOW + timedelta(hours=hour + 1))
        del world.answers["sub_a"]
        world.store.stored["sub_a"] = world.store.stored["sub_a"].afresh()
        assert world.deliver(told=event("Other")) is Outcome.DELIVERED
    assert [one.event for one in world.dead] == [event()]
    assert world.store.stored["sub_a"].active


def test_one_that_took_nothing_for_a_day_is_paused_and_what_comes_then_is_kept() -> None:
    world = World()
    world.subscribe("sub_a")
    world.answers["sub_a"] = Answer(0, "no answer from hooks.example.com: TimeoutError")
    for hour in range(26):
        world.deliver(told=event(f"E{hour}"))
        world.go_on(timedelta(hours=1))
        world.now = NOW + timedelta(hours=hour + 1)
    found = world.store.stored["sub_a"]
    assert not found.active
    assert "took nothing since" in found.reason and "TimeoutError" in found.reason
    before = len(world.told)
    assert world.deliver(told=event("Late")) is Outcome.KEPT
    world.go_on()
    assert len(world.told) == before
    assert {one.event["type"] for one in world.dead} == {*(f"E{n}" for n in range(26)), "Late"}


def test_what_was_kept_is_told_when_it_is_given_back_to_one_that_works_again() -> None:
    world = World()
    world.subscribe("sub_a", status=SubscriptionStatus.PAUSED, failures=9)
    assert world.deliver() is Outcome.KEPT

    def resumed(before: Subscription) -> Subscription:
        return subscription(before.id, status=SubscriptionStatus.ACTIVE, failures=before.failures)

    assert change("sub_a", resumed, world.store).failures == 0
    (kept,) = world.dead
    assert world.deliver(kept.subscription_id, kept.event) is Outcome.DELIVERED


def test_one_that_is_gone_is_paused_at_once() -> None:
    world = World()
    world.subscribe("sub_a")
    world.answers["sub_a"] = Answer(410)
    assert world.deliver() is Outcome.PAUSED
    assert "410" in world.store.stored["sub_a"].reason
    assert len(world.dead) == 1 and not world.waiting


def test_one_that_asks_for_peace_gets_it_for_all_of_its_events() -> None:
    world = World()
    world.subscribe("sub_a")
    world.answers["sub_a"] = Answer(429, retry_after=timedelta(minutes=20))
    assert world.deliver() is Outcome.LATER
    del world.answers["sub_a"]
    assert world.deliver(told=event("Other")) is Outcome.RESTING
    world.go_on()
    assert [after >= 1200 for after in world.times("sub_a")] == [False, True, True]


def test_one_that_was_changed_meanwhile_is_not_paused_for_what_it_was_before() -> None:
    world = World()
    long_ago = NOW - timedelta(days=2)
    world.subscribe("sub_a", failing_since=long_ago, failures=5)
    found = world.store.stored["sub_a"]
    world.answers["sub_a"] = DOWN

    def tell(*_: object) -> Answer:
        world.store.stored["sub_a"] = subscription("sub_a", version=found.version + 1)
        return DOWN

    world.tell = tell  # type: ignore[method-assign]
    assert world.deliver() is Outcome.LATER
    assert world.store.stored["sub_a"].active


def test_what_was_for_one_that_is_gone_is_dropped() -> None:
    assert World().deliver("sub_x") is Outcome.DROPPED


class FakeSecrets:
    def __init__(self) -> None:
        self.stored: dict[str, list[str]] = {}

    def create(self, name: str, secret: str) -> None:
        self.stored[name] = [secret]

    def rotate(self, name: str, secret: str, until: object) -> None:
        self.stored[name].insert(0, secret)

    def remove(self, name: str) -> None:
        self.stored.pop(name, None)


def test_a_subscription_has_a_secret_from_its_beginning_to_its_end() -> None:
    world, secrets = World(), FakeSecrets()
    first = subscribe(subscription(), world.store, secrets)
    assert first.startswith("whsec_") and secrets.stored == {"sub_a": [first]}
    second = rotate("sub_a", timedelta(hours=1), NOW, world.store, secrets)
    assert secrets.stored == {"sub_a": [second, first]}
    unsubscribe("sub_a", world.store, secrets)
    assert (secrets.stored, world.store.stored) == ({}, {})
    with pytest.raises(NotFound):
        rotate("sub_a", timedelta(), NOW, world.store, secrets)
    world.subscribe("sub_a")
    with pytest.raises(Busy):
        subscribe(subscription(), world.store, secrets)


def test_there_are_a_hundred_at_most() -> None:
    world = World()
    world.subscribe(*(f"sub_{n}" for n in range(MOST)))
    with pytest.raises(Rejected, match="100"):
        subscribe(subscription(), world.store, FakeSecrets())


def test_one_that_keeps_changing_is_busy() -> None:
    world = World()
    world.subscribe("sub_a")
    world.store.save = lambda *_: False  # type: ignore[method-assign]
    with pytest.raises(Busy):
        change("sub_a", lambda one: subscription(event_types=("A",)), world.store)


def test_a_delivery_that_is_early_waits_until_it_is_due() -> None:
    world = World()
    world.subscribe("sub_a")
    early = Delivery("sub_a", event(), NOW, 3, NOW + timedelta(hours=2))
    world.later([early], timedelta())
    world.go_on()
    assert len(world.told) == 1 and world.times("sub_a")[0] >= 7200
