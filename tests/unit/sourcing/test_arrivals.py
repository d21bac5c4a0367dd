"""When goods arrive is worked out once for all batches between a cut-off and the next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

import pytest
from dom.model.order import Method
from dom.model.rules import RuleSet, Service
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.pricing import Journey
from dom.sourcing.problem import Network
from support.sourcing_cases import NOON, network, place

SHIPPED = Journey(Method.SHIP, "US")
NEW_YORK, DENVER = "America/New_York", "America/Denver"


class Asked(frozenset[date]):
    """Holidays that count how often anybody looks at them."""

    times = 0

    def __contains__(self, day: object) -> bool:
        self.times += 1
        return super().__contains__(day)


def stores() -> Network:
    return network(
        place("A", timezone=NEW_YORK),
        place("B", timezone=DENVER),
        place("C", timezone=NEW_YORK, country_code="CA"),
        place("D", timezone=DENVER, closed_weekdays=frozenset({2, 5})),
    )


def prices(places: Network, service: Service, now: datetime, way: Journey = SHIPPED) -> object:
    return PriceBook(places, RuleSet(service=service), now).prices((), way)


def test_a_batch_a_minute_later_looks_at_no_calendar() -> None:
    places, holidays = stores(), Asked()
    service = Service(holidays=holidays)
    prices(places, service, NOON)
    before = holidays.times
    prices(places, service, NOON + timedelta(minutes=1))
    assert holidays.times == before > 0


def test_after_a_cutoff_only_the_locations_whose_day_it_ends_are_worked_out_anew() -> None:
    places, holidays = stores(), Asked()
    service = Service(holidays=holidays)
    once = prices(places, service, NOON)
    first = holidays.times
    later = prices(places, service, NOON + timedelta(hours=2, minutes=1))  # 14:01 in New York
    assert first < holidays.times < 2 * first
    assert later != once


def test_another_service_has_arrivals_of_its_own() -> None:
    places = stores()
    slow = Service(transit_days=(4,) * 8)
    assert prices(places, Service(), NOON) != prices(places, slow, NOON)
    assert prices(places, slow, NOON) == prices(stores(), slow, NOON)


def moments(seed: int) -> Iterator[datetime]:
    """Batches of two weeks, over the night in which the clocks change."""
    rng, now = Random(seed), NOON
    while now < NOON + timedelta(days=14):
        now += timedelta(minutes=rng.randint(1, 600))
        yield now


@pytest.mark.parametrize("method", [Method.SHIP, Method.SAME_DAY, Method.SHIP_TO_STORE])
def test_what_is_kept_is_what_a_new_network_would_say(method: Method) -> None:
    places, service = stores(), Service(holidays=frozenset({date(2026, 3, 6)}))
    number = places.index[places.locations[3].location_id]
    store = places.locations[number] if method is Method.SHIP_TO_STORE else None
    way = Journey(method, "US", store, 1 << number if store else 0)
    for now in moments(1):
        assert prices(places, service, now, way) == prices(stores(), service, now, way)
