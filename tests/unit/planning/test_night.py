"""The night's work: learnt from sums, told to routing, kept as safety stock; again, it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from dom.errors import Busy
from dom.forecast.safety import cover
from dom.model.commit import Commit
from dom.model.expectation import MOST_PLACES, Expectation, Expected
from dom.model.ids import LocationId, Sku
from dom.model.incoming import Incoming
from dom.model.location import LocationType
from dom.model.product import Product
from dom.model.rebalancing import RebalancingTerms
from dom.model.safety_policy import SafetyPolicy, policy_for
from dom.model.scope import Where
from dom.model.stock import Cause
from dom.planning import night
from dom.planning.asked import Asked, summed
from dom.planning.balance import Balance
from dom.planning.home import Homes, Shippers
from dom.planning.keep import Kept
from dom.planning.learn import forecast_of, learn
from dom.planning.night import TOGETHER, Planning, run
from hypothesis import given
from hypothesis import strategies as st
from support.builders import BOSTON, NOW, RENO, location
from support.fakes import FakeLedger, frozen

MUG, HAT = Sku("MUG"), Sku("HAT")
WEST, EAST = LocationId("WEST"), LocationId("EAST")
PLACES = (location("WEST", RENO), location("EAST", BOSTON, type=LocationType.STORE))
UNTIL = date(2026, 3, 4)
SACRAMENTO, NEW_YORK = "38.5,-121.5", "40.5,-74"
POLICY = SafetyPolicy("all", 0.95, 7.0)


def daily(sku: str, units: int, region: str = "US-CA", place: str = SACRAMENTO) -> list[Asked]:
    """So many units every day of the four weeks before."""
    days = (UNTIL - timedelta(days=n) for n in range(1, 29))
    return [Asked(sku, region, place, day.isoformat(), units) for day in days]


MUGS = [*daily("MUG", 2), *daily("MUG", 1, "US-NY", NEW_YORK), *daily("MUG", 1, "US", "")]


@dataclass
class World:
    """Ports in memory."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    known: dict[Sku, Expectation] = field(default_factory=dict)
    told: dict[Sku, float] = field(default_factory=dict)
    policies: tuple[SafetyPolicy, ...] = ()
    failed: list[Sku] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    balance: Balance | None = None
    coming: dict[Sku, list[Incoming]] = field(default_factory=dict)

    def find(self, skus: Iterable[Sku]) -> dict[Sku, Expectation]:
        return {sku: self.known[sku] for sku in skus if sku in self.known}

    def save(self, known: Expectation) -> bool:
        stored = self.known.get(known.sku)
        if stored and stored.until > known.until:
            return False
        self.known[known.sku] = known
        return True

    def expect(self, sku: Sku, daily: float) -> bool:
        if self.told.get(sku) == daily:
            return False
        self.told[sku] = daily
        return True

    def report(self, sku: Sku, error: Exception) -> None:
        self.failed.append(sku)
        self.errors.append(error)

    @property
    def ports(self) -> Planning:
        return Planning(
            self.ledger,
            self.ledger,
            self,
            self,
            Kept(self.policies, {one.location_id: one for one in PLACES}),
            frozen(NOW),
            self.report,
            self.balance,
            lambda skus: self.coming,
        )

    def night(self, rows: Iterable[Asked], until: date = UNTIL) -> Counter[str]:
        done = run(summed(rows), until, "", lambda: True, self.ports)
        assert done.after == ""
        return Counter(done.counts)

    def safety(self, sku: str, place: str) -> int:
        return self.ledger.positions[f"{sku}@{place}"].safety_stock


def test_network_regions_and_home_locations_are_learnt() -> None:
    world = World()
    assert world.night(MUGS) == Counter(ForecastsMade=1, DemandTold=1)
    known = world.known[MUG]
    assert (known.network.velocity, known.network.days, known.until) == (4.0, 28, UNTIL)
    assert {name: one.velocity for name, one in known.regions.items()} == {
        "US": 1.0,
        "US-CA": 2.0,
        "US-NY": 1.0,
    }
    # What nobody knows the place of is in the network's demand only.
    assert {name: one.velocity for name, one in known.locations.items()} == {WEST: 2.0, EAST: 1.0}
    assert world.told == {MUG: 4.0}


def test_a_night_that_is_done_twice_changes_nothing_and_an_older_one_neither() -> None:
    world = World(policies=(POLICY,))
    world.ledger.stock("MUG", "WEST", 50)
    world.night(MUGS)
    before = (dict(world.known), len(world.ledger.commits))
    assert world.night(MUGS) == Counter(ForecastsMade=1)
    assert world.night(daily("MUG", 9), UNTIL - timedelta(days=1))["ForecastsMade"] == 0
    assert (dict(world.known), len(world.ledger.commits)) == before


@given(st.data())
def test_cut_into_any_parts_and_taken_up_anywhere_it_learns_the_same(data: st.DataObject) -> None:
    skus = [f"S{n:03}" for n in range(7)]
    rows = [row for n, sku in enumerate(skus) for row in daily(sku, n + 1)[: 5 + 3 * n]]
    whole = World()
    whole.night(rows)
    # The same sums told in any order, and some of them in two halves of one row
    halves = [half for row in rows for half in _halves(row, data)]
    parts = World()
    order = summed(data.draw(st.permutations(halves)))
    assert order == summed(rows)
    after, ends = "", data.draw(st.lists(st.booleans(), min_size=len(skus)))
    with patch.object(night, "TOGETHER", data.draw(st.integers(1, 4))):
        while True:
            done = run(order, UNTIL, after, lambda: bool(ends and ends.pop()), parts.ports)
            after = done.after
            if not after:
                break
    assert parts.known == whole.known


def _halves(row: Asked, data: st.DataObject) -> list[Asked]:
    if row.units < 2 or not data.draw(st.booleans()):
        return [row]
    return [row._replace(units=1), row._replace(units=row.units - 1)]


def test_a_run_that_must_stop_says_where_and_goes_on_after_it() -> None:
    world, skus = World(), [f"S{n:03}" for n in range(TOGETHER + 3)]
    rows = summed(row for sku in skus for row in daily(sku, 1)[:2])
    first = run(rows, UNTIL, "", lambda: False, world.ports)
    assert (first.after, len(world.known)) == (skus[TOGETHER - 1], TOGETHER)
    last = run(rows, UNTIL, first.after, lambda: False, world.ports)
    assert (last.after, last.counts["ForecastsMade"], len(world.known)) == ("", 3, len(skus))


def test_a_sku_that_fails_is_told_and_stops_nobody() -> None:
    world = World()

    def broken(known: Expectation) -> bool:
        if known.sku == HAT:
            raise TimeoutError
        return World.save(world, known)

    world.save = broken  # type: ignore[method-assign]
    counts = world.night([*MUGS, *daily("HAT", 1)])
    assert counts["ForecastsFailed"] == 1 and world.failed == [HAT]
    assert set(world.known) == {MUG}


def test_safety_stock_follows_the_demand_of_each_home_and_lowers_what_is_available() -> None:
    world = World(policies=(replace(POLICY, level=0.99),))
    for place in (WEST, EAST):
        world.ledger.stock("MUG", place, 50, reserved=3)
    noisy = [row._replace(units=row.units * (n % 4)) for n, row in enumerate(MUGS)]
    noisy = [row for row in noisy if row.units]
    assert world.night(noisy)["SafetyStockSet"] == 2
    known = world.known[MUG]
    for place in (WEST, EAST):
        wanted = cover(forecast_of(known.locations[place]), 0.99, 7.0).safety
        assert world.safety("MUG", place) == wanted > 0
        assert world.ledger.positions[f"MUG@{place}"].available == 47 - wanted
        assert [one.cause for one in world.ledger.books[f"MUG@{place}"]] == [Cause.ADJUSTMENT]
    assert world.safety("MUG", WEST) > world.safety("MUG", EAST)


def test_where_nobody_buys_the_least_is_kept_and_without_a_policy_nothing_is_touched() -> None:
    stores = Where(types=frozenset({LocationType.STORE}))
    world = World(policies=(SafetyPolicy("stores", 0.95, 7.0, least=2, where=stores),))
    world.ledger.stock("MUG", WEST, 50, safety_stock=9)
    world.ledger.stock("MUG", EAST, 50)
    world.night(daily("MUG", 2))
    assert (world.safety("MUG", WEST), world.safety("MUG", EAST)) == (9, 2)


@pytest.mark.parametrize(("least", "most", "kept"), [(0, 3, 3), (200, None, 200), (0, 0, 0)])
def test_a_policy_bounds_what_is_kept(least: int, most: int | None, kept: int) -> None:
    world = World(policies=(SafetyPolicy("p", 0.999, 60.0, 400.0, least, most),))
    world.ledger.stock("MUG", WEST, 50)
    world.night(daily("MUG", 2))
    assert world.safety("MUG", WEST) == kept


def test_the_most_specific_policy_counts_by_goods_then_by_place_then_the_safer() -> None:
    kitchen = replace(POLICY, id="kitchen", categories=frozenset({"kitchen"}))
    mugs = replace(POLICY, id="mugs", skus=frozenset({MUG}))
    west = replace(POLICY, id="west", where=Where(frozenset({WEST})))
    safer = replace(POLICY, id="safer", level=0.99)

    def chosen(*policies: SafetyPolicy) -> str:
        for some in (policies, policies[::-1]):
            found = policy_for(MUG, "kitchen", PLACES[0], some)
        return found.id if found else ""

    assert chosen(POLICY, kitchen, west) == "kitchen"
    assert chosen(kitchen, mugs, west) == "mugs"
    assert chosen(POLICY, west) == "west"
    assert chosen(POLICY, safer) == "safer"
    assert chosen(replace(west, where=Where(frozenset({EAST})))) == ""


def test_the_category_of_a_policy_is_the_products() -> None:
    policy = SafetyPolicy("k", 0.95, 7.0, least=5, categories=frozenset({"kitchen"}))
    world = World(policies=(policy,))
    for sku in (MUG, HAT):
        world.ledger.stock(sku, WEST, 50)
    world.ledger.describe(Product(MUG, "kitchen"))
    world.night([*daily("MUG", 1), *daily("HAT", 1)])
    assert (world.safety("MUG", WEST), world.safety("HAT", WEST)) == (5, 0)


def moving(world: World, times: int, then: Callable[[], None] = lambda: None) -> None:
    """Somebody moves the position before each of some commits."""
    left = [times]

    def before(commit: Commit) -> None:
        if left[0] and commit.actor == "forecast":
            left[0] -= 1
            key = f"MUG@{WEST}"
            found = world.ledger.positions[key]
            world.ledger.positions[key] = replace(found, on_hand=60, version=found.version + 1)
            then()

    world.ledger.before = before


def test_a_position_that_moves_meanwhile_is_read_again() -> None:
    world = World(policies=(replace(POLICY, least=7),))
    world.ledger.stock("MUG", WEST, 50)
    moving(world, 2)
    assert world.night(daily("MUG", 2))["SafetyStockSet"] == 1
    found = world.ledger.positions[f"MUG@{WEST}"]
    assert (found.safety_stock, found.on_hand) == (7, 60)


def test_a_position_that_never_stands_still_waits_for_the_next_night() -> None:
    world = World(policies=(replace(POLICY, least=7),))
    world.ledger.stock("MUG", WEST, 50)
    moving(world, 99)
    assert world.night(daily("MUG", 2))["ForecastsFailed"] == 1
    assert world.failed == [MUG]
    assert isinstance(world.errors[0], Busy)


def test_where_somebody_else_set_it_meanwhile_nothing_is_left_to_do() -> None:
    world = World(policies=(replace(POLICY, least=7),))
    world.ledger.stock("MUG", WEST, 50)

    def other() -> None:
        key = f"MUG@{WEST}"
        world.ledger.positions[key] = replace(world.ledger.positions[key], safety_stock=7)

    moving(world, 1, other)
    assert world.night(daily("MUG", 2))["SafetyStockSet"] == 0
    assert world.safety("MUG", WEST) == 7


def test_what_should_move_is_found_on_the_way_if_somebody_asked() -> None:
    world = World()
    world.ledger.stock("MUG", WEST, 300)
    world.ledger.stock("MUG", EAST, 0)
    rows = summed(MUGS)
    assert run(rows, UNTIL, "", lambda: True, world.ports).moves == []
    terms = RebalancingTerms("default", 28, 1000, slow_days=30)
    world.balance = Balance(terms, world.ports.kept.network)
    done = run(rows, UNTIL, "", lambda: True, world.ports)
    assert {(one.origin, one.to) for one in done.moves} == {(WEST, EAST)}
    assert [(one.sku, one.units) for one in done.slow] == [(MUG, 300 - 4 * 30)]
    (units,) = (one.units for one in done.moves)
    world.coming = {MUG: [Incoming(EAST, 5, UNTIL)]}
    (fewer,) = run(rows, UNTIL, "", lambda: True, world.ports).moves
    assert fewer.units == units - 5


def test_what_is_suggested_is_what_would_be_kept() -> None:
    world = World(policies=(replace(POLICY, least=3),))
    world.ledger.stock("MUG", WEST, 50)
    world.night(MUGS)
    known = world.known[MUG]
    kept = world.ports.kept.all_wanted(known, "", known.locations)
    assert kept == {WEST: world.safety("MUG", WEST)}


def test_an_item_keeps_the_most_of_very_many_places() -> None:
    rows = [
        Asked("MUG", f"R{n:04}", "", (UNTIL - timedelta(days=1)).isoformat(), 1 + n)
        for n in range(MOST_PLACES + 10)
    ]
    known = learn(MUG, rows, Homes(Shippers(PLACES), []), UNTIL)
    assert len(known.regions) == MOST_PLACES
    assert "R0009" not in known.regions and "R0010" in known.regions


def test_an_expectation_is_as_uncertain_as_its_forecast_was() -> None:
    known = Expected(2.0, 3.0, 28, 10.0)
    assert forecast_of(known).variance_over(5) == 3.0 * (5 + 25 / 10)
    assert forecast_of(Expected(2.0, 3.0, 28)).variance_over(5) == 15.0
