"""The channel repeats its address: what a person chose stays. It says another: that holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from dom.intake.hold import Policy
from dom.intake.merge import merge
from dom.model.addresses import Address
from dom.model.commit import PersonalData
from dom.model.facts import Facts
from dom.model.geo import Destination
from dom.model.order import Bucket, Order
from dom.orders.address import change_address
from dom.orders.change import Desk, Wish
from support.fakes import FakeLedger, frozen
from support.intake import facts_of, sample

NOW = datetime.fromisoformat("2026-11-22T15:10:00+00:00")
BOISE = Destination("US", "83702", "ID", "Boise")
NEW: dict[str, object] = {"address1": "2 New Street", "city": "Boise"}
TOPIC = "orders/updated"


def told(hours: int, **address: Any) -> Facts:
    """The order as Shopify shows it so many hours later, with this of its address changed."""
    body = sample("orders-create")
    later = datetime.fromisoformat(body["updated_at"]) + timedelta(hours=hours)
    shipping = {**body["shipping_address"], **address}
    return facts_of(TOPIC, {**body, "updated_at": later.isoformat(), "shipping_address": shipping})


def hear(ledger: FakeLedger, facts: Facts) -> Order:
    """Ingest, as the stage does it."""
    known = ledger.orders.get(facts.order_id)
    stored = ledger.people.get(facts.order_id) if known and known.readdressed else None
    merged = merge(known, facts, NOW, Policy(), stored)
    assert merged
    ledger.orders[facts.order_id] = replace(merged.order, version=merged.order.version + 1)
    if merged.personal:
        ledger.people[facts.order_id] = merged.personal
    return ledger.orders[facts.order_id]


def moved() -> tuple[FakeLedger, str]:
    """An order from Shopify that a person sent to Boise, and its group."""
    ledger = FakeLedger()
    heard = hear(ledger, told(0))
    wish, desk = Wish(heard.order_id, "ana"), Desk(ledger, ledger, frozen(NOW))
    after = change_address(wish, Address(BOISE, NEW), desk)
    return ledger, after.readdressed[0]


def destination(one: Order, group: str) -> Destination | None:
    return next(g.destination for g in one.ship_groups if g.id == group)


def addresses(ledger: FakeLedger) -> Any:
    [personal] = ledger.people.values()
    return personal.data["addresses"]


def test_an_event_about_something_else_leaves_the_new_address() -> None:
    ledger, group = moved()
    for hours in (1, 2):
        after = hear(ledger, told(hours))
        assert (destination(after, group), after.readdressed) == (BOISE, (group,))
        assert addresses(ledger) == {group: NEW}


def test_an_address_that_the_channel_says_anew_holds() -> None:
    ledger, group = moved()
    after = hear(ledger, told(1, address1="9 Third Street", zip="97201"))
    assert destination(after, group) != BOISE
    assert after.readdressed == ()
    assert addresses(ledger)[group]["address1"] == "9 Third Street"
    assert "replaced_addresses" not in next(iter(ledger.people.values())).data


def test_a_house_number_is_enough_to_be_new() -> None:
    ledger, group = moved()
    after = hear(ledger, told(1, address1="9 Third Street"))
    assert destination(after, group) != BOISE


def test_an_older_event_says_nothing_of_the_address() -> None:
    ledger, group = moved()
    known = next(iter(ledger.orders.values()))
    assert merge(known, told(-1, address1="0 Ancient Street"), NOW, Policy()) is None
    assert addresses(ledger) == {group: NEW}


def test_of_a_forgotten_customer_the_changed_destination_stays() -> None:
    ledger, group = moved()
    ledger.people.clear()
    assert destination(hear(ledger, told(1)), group) == BOISE


def test_what_is_no_address_is_of_no_use() -> None:
    broken = PersonalData(next(iter(moved()[0].orders)), "7", {"addresses": "none"})  # type: ignore[arg-type]
    ledger, group = moved()
    ledger.people = dict.fromkeys(ledger.people, broken)
    assert destination(hear(ledger, told(1)), group) != BOISE


def test_an_address_that_the_channel_changes_recalls_the_work_that_is_under_way() -> None:
    ledger = FakeLedger()
    heard = hear(ledger, told(0))
    group = heard.ship_groups[0].id
    first = next(one for one in heard.lines if one.ship_group_id == group)
    allocated = first.moved(Bucket.PENDING, Bucket.ALLOCATED, first.quantity)
    known = replace(heard.with_lines([allocated]), fulfillment_orders=2)
    ledger.orders[heard.order_id] = known
    # WHEN the channel says the same address, and then another
    merged = merge(known, told(1), NOW, Policy())
    assert merged is None or merged.order.recall == ()
    moved = hear(ledger, told(2, zip="97201", city="Portland"))
    # THEN all of it is asked back, and the sweep looks whether it came
    assert moved.recall == (f"{heard.order_id}-1", f"{heard.order_id}-2")
    assert moved.due_at == NOW + timedelta(minutes=5)
