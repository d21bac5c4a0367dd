"""What routing knows of products, customers and promises reaches the decision, and the decision
reaches the work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from dom.model.fulfillment import FulfillmentOrder
from dom.model.ids import LocationId, Sku
from dom.model.location import Capability, Location
from dom.model.order import Method, Order, ShipGroup
from dom.model.overlay import Change, Rule
from dom.model.product import Product
from dom.model.rules import Pass, RuleSet, Weights
from dom.model.scope import When, Where
from dom.routing.demand import demands_of
from dom.routing.ports import Routing
from dom.routing.route import route
from support.builders import BOSTON, NOW, RENO, line, location, order
from support.fakes import FakeLedger, FakePlaces, frozen

MUG = Sku("MUG")
PLACES = (location("RENO", RENO), location("BOSTON", BOSTON))
NOT_RENO = Where(locations=frozenset({LocationId("RENO")}))


def routed(
    one: Order, rules: RuleSet, *products: Product, places: tuple[Location, ...] = PLACES
) -> tuple[list[FulfillmentOrder], FakeLedger]:
    """The work that comes of an order for mugs, of which every place has nine."""
    ledger = FakeLedger(products={product.sku: product for product in products})
    ledger.open(*places)
    for place in places:
        ledger.stock("MUG", place.location_id, 9)
    ledger.orders[one.order_id] = one
    ports = Routing(ledger, ledger, FakePlaces(ledger, places), ledger, frozen(NOW), rules)
    route([one.order_id], ports)
    return list(ledger.works.values()), ledger


def source(one: Order, rules: RuleSet, *products: Product, **rest: Any) -> str:
    (work,) = routed(one, rules, *products, **rest)[0]
    return work.location_id


def test_a_products_facts_fill_in_what_the_order_does_not_say() -> None:
    product = Product(MUG, "kitchen", frozenset({"cold"}), 450, 1_800, "set")
    (demand,) = demands_of(order("ord_a", line("1", grams=0), line("2", grams=300)), {MUG: product})
    first, second = demand.lines
    assert (first.grams, second.grams) == (450, 300)
    assert (first.category, first.needs, first.volume_cm3) == ("kitchen", {"cold"}, 1_800)
    assert first.keep_together == "set"
    assert first.value_minor == line("1").unit_price.amount


def test_rules_name_channels_tiers_and_categories() -> None:
    for when in (
        When(channels=frozenset({order().channel})),
        When(tiers=frozenset({"gold"})),
        When(categories=frozenset({"kitchen"})),
    ):
        rules = RuleSet(rules=(Rule("away", Change(exclude=True), when, NOT_RENO),))
        gold = replace(order(), tier="gold")
        assert source(gold, rules, Product(MUG, "kitchen")) == "BOSTON"
    assert source(order(), rules, Product(MUG, "garden")) == "RENO"


def test_goods_go_where_they_can_be_handled() -> None:
    cold = replace(PLACES[1], handles=frozenset({"cold"}))
    frozen_ = Product(MUG, needs=frozenset({"cold"}))
    assert source(order(), RuleSet(), frozen_, places=(PLACES[0], cold)) == "BOSTON"


def test_slow_stock_of_a_product_is_sold_off() -> None:
    rules = RuleSet(weights=Weights(markdown=100, markdown_cap=99_999))
    slow = Product(MUG, daily_demand=0.0, markdown=9_000)
    (work,), ledger = routed(order(), rules, slow)
    assert work.location_id == "RENO"
    (decision,) = ledger.decisions.values()
    assert decision.cost < 0


def test_the_pass_that_kept_the_promise_is_in_the_decision() -> None:
    rules = RuleSet(passes=(Pass("on time", 0), Pass("any")))
    (group,) = order().ship_groups
    for days, name in ((30, "on time"), (-30, "any")):
        promised = replace(group, promised_by=NOW + timedelta(days=days))
        _, ledger = routed(replace(order(), ship_groups=(promised,)), rules)
        assert [one.pass_name for one in ledger.decisions.values()] == [name]


def test_work_says_which_store_it_goes_to_and_in_how_many_boxes() -> None:
    store = replace(PLACES[0], capabilities=frozenset({Capability.PICKUP}))
    to_store = ShipGroup("sg1", Method.SHIP_TO_STORE, None, LocationId("RENO"))
    heavy = order("ord_a", line("1", grams=40_000), ship_groups=(to_store,))
    (own,), _ = routed(heavy, RuleSet(), places=(store, PLACES[1]))
    assert (own.location_id, own.to_location) == ("RENO", None)
    asked = order("ord_a", line("1", quantity=9), line("2", quantity=9), ship_groups=(to_store,))
    works, _ = routed(asked, RuleSet(), places=(store, PLACES[1]))
    assert {(work.location_id, work.to_location) for work in works} == {
        ("RENO", None),
        ("BOSTON", "RENO"),
    }
    shipped = order("ord_a", line("1", grams=40_000))
    (work,), _ = routed(shipped, RuleSet())
    assert (work.boxes, work.to_location) == (2, None)
