"""Daily series from sales, and the classes of demand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from dom.forecast.kinds import Kind, cv2, interval, kind_of
from dom.forecast.sales import sales_of
from dom.forecast.series import Sale, Series, series_of
from dom.model.geo import Destination
from dom.model.ids import LocationId
from dom.model.order import Method, ShipGroup
from support.builders import line, order

MONDAY = date(2026, 3, 2)


def sale(day: int, units: int, sku: str = "MUG", region: str = "US-CA") -> Sale:
    return Sale(sku, region, MONDAY.replace(day=day), units)


def test_days_without_a_sale_are_zeros_and_days_before_the_first_are_not_known() -> None:
    found = series_of([sale(6, 2), sale(4, 1), sale(6, 3)], MONDAY.replace(day=9))
    assert found == [Series("MUG", "US-CA", MONDAY.replace(day=4), (1, 0, 5, 0, 0))]


def test_each_region_and_sku_has_its_series_and_the_day_that_is_not_over_has_none() -> None:
    sales = [sale(2, 1), sale(2, 2, region="US-NY"), sale(3, 4, sku="CUP"), sale(4, 9)]
    found = series_of(sales, MONDAY.replace(day=4))
    assert [(one.sku, one.region, one.units) for one in found] == [
        ("CUP", "US-CA", (4,)),
        ("MUG", "US-CA", (1, 0)),
        ("MUG", "US-NY", (2, 0)),
    ]


def test_an_order_counts_on_the_local_day_and_where_it_goes() -> None:
    late = datetime(2026, 3, 4, 5, 0, tzinfo=UTC)
    groups = (
        ShipGroup("sg1", Method.SHIP, Destination("US", "95814", "CA")),
        ShipGroup("sg2", Method.PICKUP, Destination("US"), LocationId("STORE-1")),
        ShipGroup("sg3", Method.SHIP, Destination("DE", "10115")),
        ShipGroup("sg4", Method.SHIP),
    )
    lines = [line(str(n), "MUG", n, ship_group_id=f"sg{n}") for n in (1, 2, 3, 4)]
    lines += [line("5", "MUG", 7, ship_group_id=None), line("6", quantity=8, sku=None)]
    placed = replace(order("ord_a", *lines, ship_groups=groups), placed_at=late)
    evening = date(2026, 3, 3)
    assert list(sales_of(placed, ZoneInfo("America/Los_Angeles"))) == [
        Sale("MUG", "US-CA", evening, 1),
        Sale("MUG", "STORE-1", evening, 2),
        Sale("MUG", "DE", evening, 3),
        Sale("MUG", "unknown", evening, 4),
    ]


@pytest.mark.parametrize(
    ("units", "kind"),
    [
        ((0, 0, 0), Kind.NONE),
        ((), Kind.NONE),
        ((4, 5, 6, 5), Kind.SMOOTH),
        ((1, 1, 1, 20), Kind.ERRATIC),
        ((2, 0, 0, 2), Kind.INTERMITTENT),
        ((1, 0, 0, 0, 1, 0, 0, 9), Kind.LUMPY),
        # ADI 4/3 is just above 1.32.
        ((2, 2, 2, 0), Kind.INTERMITTENT),
        ((2, 2, 2, 2, 0), Kind.SMOOTH),
    ],
)
def test_classes_by_interval_and_variation(units: tuple[int, ...], kind: Kind) -> None:
    assert kind_of(units) is kind


def test_interval_and_variation_by_hand() -> None:
    # Sizes 1 and 3: mean 2, variance 1, CV² 1/4; two of five days.
    assert interval((0, 1, 0, 3, 0)) == 2.5
    assert cv2((0, 1, 0, 3, 0)) == 0.25
