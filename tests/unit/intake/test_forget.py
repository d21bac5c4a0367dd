"""Who is forgotten stays forgotten, in the order and in all that was made of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dom.channels import CHANNELS
from dom.errors import Busy, CommitRefused, Conflict, InvalidInput
from dom.intake.forget import forget
from dom.intake.merge import merge
from dom.model.commit import Commit, PersonalData
from dom.model.facts import Erasure
from dom.model.fulfillment import Parcel
from dom.model.ids import LocationId, OrderId, ReturnId, order_id_for
from dom.model.return_terms import (
    Condition,
    Disposition,
    ReturnMethod,
    ReturnOutcome,
    ReturnReason,
    ReturnStatus,
)
from dom.model.rma import Grade, Label, Return, ReturnLine, Unexpected
from support.builders import NOW, order, work
from support.fakes import FakeLedger, FakePapers
from support.intake import SHOP, STRICT, facts_of, order_from, sample

A, X = OrderId("ord_a"), OrderId("ord_x")


def stored() -> FakeLedger:
    """An order with a return, of which an exchange was made; both know whose they are."""
    ledger = FakeLedger()
    for name in (A, X):
        ledger.orders[name] = order(name)
        ledger.people[name] = PersonalData(name, "88", {"email": "ada@example.com"})
    lines = (ReturnLine("1", 1, ReturnReason.UNWANTED, note="call Ada on 555 0100"),)
    record = Return(
        ReturnId("ord_a-R1"),
        A,
        "shopify",
        "acme",
        "USD",
        ReturnStatus.CLOSED,
        ReturnMethod.MAIL,
        ReturnOutcome.EXCHANGE,
        lines,
        NOW,
        unexpected=(Unexpected("HAT", 1, "Ada's own"),),
        exchange_order_id=X,
        version=1,
    )
    ledger.returns[record.id] = record
    return ledger


def test_the_order_its_exchange_and_what_people_wrote_are_forgotten_once() -> None:
    ledger = stored()
    assert forget(A, ledger, ledger, FakePapers(), NOW, "eva") == [A, X]
    assert ledger.people == {}
    for name in (A, X):
        assert ledger.orders[name].forgotten
        assert ledger.orders[name].history[-1].type == "OrderForgotten"
    record = ledger.returns["ord_a-R1"]
    assert (record.lines[0].note, record.unexpected[0].note) == ("", "")
    assert forget(A, ledger, ledger, FakePapers(), NOW, "eva") == []
    assert forget(OrderId("ord_nowhere"), ledger, ledger, FakePapers(), NOW, "eva") == []


def test_labels_with_the_address_and_photos_are_deleted_and_again_if_it_broke_off() -> None:
    ledger, papers = stored(), FakePapers()
    boxes = (Parcel(label="labels/ord_a-1-p1.pdf"), Parcel())
    ledger.works["ord_a-1"] = work(1, parcels=boxes)
    record = ledger.returns["ord_a-R1"]
    seen = (replace(record.lines[0], photos=("photos/1.jpg",)),)
    found = Grade("1", 1, Condition.NEW, Disposition.RESTOCK, LocationId("RENO"), NOW)
    slip = Label(label_url="labels/ord_a-R1.html")
    graded = (replace(found, photos=("photos/2.jpg",)),)
    ledger.returns[record.id] = replace(record, label=slip, lines=seen, grades=graded)

    def breaks(commit: Commit) -> None:
        raise Busy("throttled")

    ledger.before = breaks
    with pytest.raises(Busy):
        forget(A, ledger, ledger, papers, NOW, "eva")
    ledger.before = lambda commit: None
    forget(A, ledger, ledger, papers, NOW, "eva")
    files = ["labels/ord_a-1-p1.pdf", "labels/ord_a-R1.html", "photos/1.jpg", "photos/2.jpg"]
    assert papers.erased == files * 2
    kept = ledger.returns["ord_a-R1"]
    assert (kept.lines[0].photos, kept.grades[0].photos) == ((), ())


def test_what_the_channel_tells_later_does_not_bring_it_back() -> None:
    body = sample("orders-create")
    made = replace(order_from(("orders/create", body)), forgotten=True)
    later = {**body, "updated_at": "2026-12-24T10:00:00Z", "note": "hello"}
    merged = merge(made, facts_of("orders/updated", later), NOW, STRICT)
    assert merged and merged.order.forgotten
    assert merged.personal is None
    fresh = merge(None, facts_of("orders/create", body), NOW, STRICT)
    assert fresh and fresh.personal


def test_a_conflict_is_tried_again_and_a_storm_is_for_later() -> None:
    ledger = stored()
    refusals = [CommitRefused((Conflict("order", A, None),))] * 2

    def sometimes(commit: Commit) -> None:
        if refusals:
            raise refusals.pop()

    ledger.before = sometimes
    assert A in forget(A, ledger, ledger, FakePapers(), NOW, "eva")
    refusals += [CommitRefused((Conflict("order", A, None),))] * 99
    ledger.people[A] = PersonalData(A, "88", {"email": "ada@example.com"})
    with pytest.raises(Busy):
        forget(A, ledger, ledger, FakePapers(), NOW, "eva")


def parsed(topic: str, body: Any) -> Any:
    return CHANNELS["shopify"].parse(topic, SHOP, json.dumps(body).encode())


def test_shopify_names_the_orders_to_redact() -> None:
    told = parsed("customers/redact", sample("privacy/customers-redact"))
    assert told == Erasure(
        tuple(order_id_for("shopify", SHOP, one) for one in ("820982911946154508", "299939"))
    )
    assert parsed("customers/redact", {"orders_to_redact": None}) == Erasure(())


@pytest.mark.parametrize("topic", ["customers/data_request", "shop/redact"])
def test_what_a_person_must_decide_is_parked_with_what_to_do(topic: str) -> None:
    with pytest.raises(InvalidInput, match="30 days"):
        parsed(topic, sample("privacy/customers-redact"))


def test_data_that_may_be_kept_until_a_day_is_stored_with_it_and_not_after_it() -> None:
    told = facts_of("orders/paid", sample("orders-paid"))
    assert told.snapshot
    for days, expected in ((1, NOW + timedelta(days=1)), (0, None)):
        by = NOW + timedelta(days=days)
        facts = replace(told, snapshot=replace(told.snapshot, forget_by=by))
        merged = merge(None, facts, NOW, STRICT)
        assert merged
        assert (merged.personal.forget_by if merged.personal else None) == expected
        # What a person enters later goes by then, too.
        assert merged.order.forget_by == by
