"""A scenario changes what it says and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from dom.model.ids import LocationId, Sku
from dom.model.rules import RuleSet
from dom.simulation.carriers import in_force, under
from dom.simulation.generate import generate
from dom.simulation.outcome import measure
from dom.simulation.recipe import Recipe
from dom.simulation.scenario import Scenario
from dom.simulation.transformation import Transformation
from dom.simulation.transformations import TRANSFORMATIONS
from dom.simulation.transformations.carrier_strike import CarrierStrike
from dom.simulation.transformations.closed import Closed
from dom.simulation.transformations.flash_sale import FlashSale
from dom.simulation.transformations.order_rate import OrderRate
from dom.simulation.transformations.stockout import Stockout
from dom.simulation.world import Arrival, Situation
from support.builders import BOSTON, NOW, RENO, location
from support.code import DOM
from support.situations import day, demand, situation, world

PLACES = (location("RENO", RENO), location("BOSTON", BOSTON))
MADE = generate(PLACES, Recipe(days=4, orders_per_day=60, skus=12))
CHANGES: tuple[Transformation, ...] = (
    CarrierStrike(2, 150, 1, 2),
    Closed(largest=1),
    FlashSale({"web": 5}),
    OrderRate(2.5),
    Stockout(best_sellers=2),
)


def test_every_transformation_file_is_registered() -> None:
    files = {path.stem for path in (DOM / "simulation/transformations").glob("*.py")}
    assert files - {"__init__"} == set(TRANSFORMATIONS)
    assert {type(one) for one in CHANGES} == set(TRANSFORMATIONS.values())


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: type(one).__name__)
def test_a_change_is_the_same_every_time_and_leaves_the_original_alone(
    change: Transformation,
) -> None:
    before = repr(MADE)
    first, second = change.apply(MADE), change.apply(MADE)
    assert repr(first) == repr(second) != before == repr(MADE)


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: type(one).__name__)
def test_no_change_makes_more_orders_than_it_says(change: Transformation) -> None:
    orders = {one.order_id for one in change.apply(MADE).demands}
    assert len(orders) <= change.most_orders(len(MADE.demands))


def per_day(of: Situation) -> Counter[int]:
    return Counter((one.placed_at - of.begins).days for one in of.demands)


def test_a_busy_day_has_more_orders_and_the_other_days_have_theirs() -> None:
    busy = per_day(OrderRate(2.5, from_day=1, until_day=2).apply(MADE))
    assert 130 <= busy[1] <= 165  # 150 to expect; some copies come after midnight
    assert (busy[0], busy[3]) == (60, 60) and busy[2] - 60 == busy.total() - 180 - busy[1]


def test_a_copy_has_a_name_of_its_own_and_is_promised_the_same_waiting() -> None:
    tripled = OrderRate(3).apply(MADE).demands
    assert len({one.order_id for one in tripled}) == 3 * len(MADE.demands)
    waiting = {one.promised_by - one.placed_at for one in tripled if one.promised_by}
    assert waiting == {timedelta(days=4)}


def test_fewer_orders_are_some_of_the_same() -> None:
    half = OrderRate(0.5).apply(MADE).demands
    assert set(half) < set(MADE.demands) and 90 <= len(half) <= 150


def test_no_orders_are_left_of_a_rate_of_nothing() -> None:
    assert OrderRate(0).apply(MADE).demands == ()


def test_the_largest_warehouse_closes_for_its_days_and_keeps_its_stock() -> None:
    given = situation({"MUG": {"RENO": 5, "BOSTON": 9}}, demand("o1"))
    shut = Closed(largest=1, from_day=1, until_day=2).apply(given)
    (closure,) = shut.world.closures
    assert (closure.location_id, closure.starts, closure.ends) == ("BOSTON", day(1), day(2))
    assert shut.world.stock == given.world.stock


def test_a_closed_location_sends_nothing_while_it_is_closed() -> None:
    shut = Closed(locations=("RENO",)).apply(MADE)
    outcome = measure("closed", shut, RuleSet())
    assert {one.location_id for one in outcome.locations} == {"BOSTON"}


def test_a_stockout_takes_the_named_and_the_most_wanted_and_what_would_come() -> None:
    came = Arrival(NOW, Sku("CUP"), LocationId("RENO"), 5)
    demands = (demand("o1", "MUG", 9), demand("o2", "CUP"), demand("o3", "JAR"))
    stock = {sku: {"RENO": 20} for sku in ("MUG", "CUP", "JAR")}
    given = Situation(world(stock, arrivals=(came,)), demands)
    found = Stockout(skus=("CUP",), best_sellers=1).apply(given)
    assert found.world.stock == {"MUG": {}, "CUP": {}, "JAR": {"RENO": 20}}
    assert found.world.arrivals == ()
    assert measure("stockout", found, RuleSet()).sums.sent == 1


def test_a_flash_sale_brings_its_orders_by_channel_within_its_hours() -> None:
    sale = FlashSale({"web": 30, "app": 10}, ("SKU-0003",), day=2, hours=3)
    sold = set(sale.apply(MADE).demands) - set(MADE.demands)
    assert Counter(one.channel for one in sold) == {"web": 30, "app": 10}
    assert {line.sku for one in sold for line in one.lines} == {"SKU-0003"}
    start = MADE.begins + timedelta(days=2)
    assert all(start <= one.placed_at < start + timedelta(hours=3) for one in sold)
    grams = {x.grams for one in MADE.demands for x in one.lines if x.sku == "SKU-0003"}
    assert {line.grams for one in sold for line in one.lines} == grams


def test_a_flash_sale_without_a_sku_sells_what_sells_best() -> None:
    given = situation({}, demand("o1", "MUG", 5), demand("o2", "CUP"))
    sold = FlashSale({"web": 3}).apply(given).demands[2:]
    assert [line.sku for one in sold for line in one.lines] == ["MUG"] * 3


def test_a_strike_delays_and_charges_for_its_days_only() -> None:
    changes = CarrierStrike(3, 150, 1, 2).apply(MADE).world.carriers
    begins, calm = MADE.begins, RuleSet()
    during = under(calm, in_force(changes, begins + timedelta(days=1.5)))
    assert during.service.transit_days == tuple(d + 3 for d in calm.service.transit_days)
    assert during.rate_card.prices[0][0] == -(-calm.rate_card.prices[0][0] * 150 // 100)
    for outside in (0.9, 2.0):
        assert under(calm, in_force(changes, begins + timedelta(days=outside))) == calm


def test_under_a_strike_orders_arrive_later_at_a_higher_price() -> None:
    calm = measure("calm", MADE, RuleSet()).sums
    strike = measure("strike", CarrierStrike(3, 150).apply(MADE), RuleSet()).sums
    assert strike.days >= calm.days + 3 * calm.shipped
    assert strike.shipping > 1.4 * calm.shipping


@pytest.mark.parametrize(
    "wrong", [lambda: OrderRate(101), lambda: OrderRate(-1), lambda: FlashSale({"web": -1})]
)
def test_a_change_that_makes_no_sense_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"factor|negative"):
        wrong()


def test_a_scenario_is_its_changes_one_after_the_other() -> None:
    twice = Scenario("twice", (OrderRate(2), OrderRate(2, seed=1)))
    found = twice.apply(MADE)
    assert len(found.demands) == 4 * len(MADE.demands)
    assert len({(one.order_id) for one in found.demands}) == len(found.demands)


def test_a_scenario_on_nothing_is_nothing() -> None:
    empty = replace(MADE, demands=())
    assert Scenario("any", CHANGES).apply(empty) == empty


def test_generated_orders_are_the_same_for_a_seed_and_others_for_another() -> None:
    recipe = Recipe(days=2, orders_per_day=20)
    assert generate(PLACES, recipe) == generate(PLACES, recipe)
    assert generate(PLACES, recipe) != generate(PLACES, replace(recipe, seed=2))


def test_centers_are_restocked_as_often_as_the_recipe_says() -> None:
    world_ = generate(PLACES, Recipe(days=7, restock_days=3, skus=5)).world
    days = {(one.at - Recipe().starts).days for one in world_.arrivals}
    assert days == {3, 6}


def test_a_network_without_locations_gets_no_orders() -> None:
    assert generate((), Recipe()).demands == ()
