"""Two ship groups of one recipient carry one mark, and the mark says nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from dom.intake.forget import forget
from dom.intake.merge import merge
from dom.model.addresses import Address
from dom.model.commit import PersonalData
from dom.model.ids import OrderId
from dom.model.recipient import mark_of, marked, still_marked
from dom.orders.address import change_address
from dom.orders.change import Desk, Wish
from support.builders import NOW, order, work
from support.fakes import FakeLedger, FakePapers, frozen
from support.intake import STRICT, facts_of, sample

KEY = "k" * 64
HOME = {
    "name": "Ada Lovelace",
    "address1": "12 St. James's Sq.",
    "city": "Sacramento",
    "postal_code": "95814",
    "country_code": "US",
}


def person(customer: str = "7", email: str = "ada@example.com", **words: Any) -> PersonalData:
    address = {**HOME, **words}
    data = {"name": "Ada", "email": email, "addresses": {"sg1": address}}
    return PersonalData(OrderId("ord_a"), customer, data)


def mark(found: PersonalData | None, key: str = KEY, **facts: Any) -> str | None:
    return mark_of(marked(replace(order(), **facts), found, key), "sg1")


def test_one_recipient_is_known_however_the_address_is_written() -> None:
    written = person(email="ADA@Example.com", address1="12  ST JAMES’S SQ", postal_code="95 814")
    assert mark(person()) == mark(written)
    assert mark(person()) == mark(person(), order_id=OrderId("ord_b"), external_id="b")


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Grace Hopper"},
        {"address1": "13 St. James's Sq."},
        {"address2": "Flat 2"},
        {"postal_code": "95815"},
        {"country_code": "CA"},
        {"email": "grace@example.com"},
    ],
)
def test_another_customer_or_address_is_another_recipient(other: dict[str, str]) -> None:
    assert mark(person()) not in (None, mark(person(**other)))


def test_two_shops_have_no_recipient_in_common() -> None:
    assert mark(person()) != mark(person(), account="other")
    assert mark(person()) != mark(person(), channel="amazon")


def test_nobody_is_marked_whom_nobody_knows_or_may_know() -> None:
    assert mark(person(), key="") is None
    assert mark(None) is None
    assert mark(person(customer="", email="")) is None
    assert mark(person(address1=" . ")) is None
    assert mark(person(), forgotten=True) is None
    assert mark(person(), forget_by=NOW) is None
    assert mark(person(customer="7", email="")) != mark(person(customer="8", email=""))


def test_the_mark_holds_no_word_of_the_customer_and_depends_on_the_key() -> None:
    found = mark(person())
    assert found and len(found) == 32 and set(found) <= set("0123456789abcdef")
    assert found != mark(person(), key="other")


def test_what_a_channel_repeats_keeps_the_mark_and_another_address_loses_it() -> None:
    body = sample("orders-create")
    first = merge(None, facts_of("orders/create", body), NOW, STRICT)
    assert first and first.personal
    known = marked(first.order, first.personal, KEY)
    assert known.ship_groups[0].recipient
    assert merge(known, facts_of("orders/create", body), NOW, STRICT) is None
    group = replace(known.ship_groups[0], destination=None, recipient=None)
    moved = still_marked(replace(known, ship_groups=(group,)), known)
    assert moved.ship_groups[0].recipient is None


def test_the_address_that_a_person_gives_makes_the_mark_anew() -> None:
    ledger = FakeLedger()
    ledger.orders["ord_a"] = marked(order(), person(), KEY)
    ledger.people["ord_a"] = person()
    desk = Desk(ledger, ledger, frozen(NOW), lambda: KEY)
    destination = ledger.orders["ord_a"].ship_groups[0].destination
    assert destination
    street = Address(destination, {**HOME, "address1": "1 Elsewhere"})
    changed = change_address(Wish("ord_a", "eva"), street, desk)
    assert mark_of(changed, "sg1") == mark(person(address1="1 Elsewhere"))


def test_who_is_forgotten_has_no_mark_neither_in_the_order_nor_in_its_open_work() -> None:
    ledger = FakeLedger()
    ledger.orders["ord_a"] = marked(order(), person(), KEY)
    ledger.people["ord_a"] = person()
    ledger.works["ord_a-1"] = work(1, recipient="m")
    ledger.works["ord_a-2"] = work(2)
    forget(OrderId("ord_a"), ledger, ledger, FakePapers(), NOW, "eva")
    assert mark_of(ledger.orders["ord_a"], "sg1") is None
    assert [one.recipient for one in ledger.works.values()] == [None, None]
    assert ledger.works["ord_a-2"].version == 1
