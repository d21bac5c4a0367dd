"""What single events do to an order."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dom.intake.hold import Policy
from dom.intake.merge import LOOK_AGAIN, merge
from dom.model.geo import Coordinates, Destination
from dom.model.money import Money
from dom.model.order import Bucket, HoldReason, Method, OrderStatus, ShipGroup
from dom.model.totals import order_total
from dom.relay.wanted import is_routable
from support.intake import NOW, buckets, facts_of, order_from, sample, tell

TENT, STOVE = "14900000000001", "14900000000002"
CREATE = ("orders/create", sample("orders-create"))
PAID = ("orders/paid", sample("orders-paid"))
UPDATED = ("orders/updated", sample("orders-updated"))
CANCELLED = ("orders/cancelled", sample("orders-cancelled"))
EDITED = ("orders/edited", sample("orders-edited"))


def changed(name: str, **changes: Any) -> dict[str, Any]:
    return {**sample(name), **changes}


def test_a_paid_order_has_pending_lines_in_one_ship_group_and_is_looked_at_again() -> None:
    order = order_from(PAID)

    assert (order.channel, order.account) == ("shopify", "acme.myshopify.com")
    assert (order.external_id, order.name) == ("5920000002001", "#2001")
    assert buckets(order) == {TENT: {"pending": 1}, STOVE: {"pending": 2}}
    place = Destination("US", "98101", "WA", "Seattle", Coordinates(47.6076, -122.3381))
    assert order.ship_groups == (ShipGroup("sg1", Method.SHIP, place),)
    assert {line.ship_group_id for line in order.lines} == {"sg1"}
    assert (order.hold_reason, order.due_at) == (None, NOW + LOOK_AGAIN)
    assert [entry.type for entry in order.history] == ["OrderPlaced"]


def test_personal_data_go_beside_the_order_and_nowhere_in_it() -> None:
    facts = facts_of(*PAID)
    merged = merge(None, facts, NOW, Policy())

    assert merged is not None and merged.personal is not None
    assert merged.personal.data["email"] == "mara.lindqvist@example.com"
    assert merged.personal.data["first_name"] == "Mara"
    assert merged.personal.data["addresses"]["sg1"]["address1"] == "412 Harbor Steps"  # type: ignore[index]
    told = repr(merged.order)
    for word in ("Mara", "Lindqvist", "Harbor", "example.com", "0114"):
        assert word not in told


def test_a_snapshot_older_than_what_is_known_does_not_bring_old_personal_data_back() -> None:
    # GIVEN an older snapshot that has news, and an older address
    older = changed("orders-create", cancelled_at="2026-11-20T10:15:31-08:00")

    merged = merge(order_from(UPDATED), facts_of("orders/create", older), NOW, Policy())

    assert merged is not None
    assert merged.personal is None


def test_an_unpaid_order_waits_for_its_payment_and_orders_paid_releases_it() -> None:
    held = order_from(CREATE)
    assert (held.status, held.hold_reason) == (OrderStatus.HELD, HoldReason.AWAITING_PAYMENT)
    assert held.due_at is None

    released = tell(held, facts_of(*PAID))

    assert released is not None
    assert (released.hold_reason, released.hold_detail) == (None, "")
    assert [entry.type for entry in released.history] == [
        "OrderPlaced",
        "OrderHeld",
        "OrderPaid",
        "OrderReleased",
    ]


def test_orders_paid_releases_even_if_its_body_still_says_pending() -> None:
    order = order_from(("orders/paid", sample("orders-create")))

    assert order.hold_reason is None


@pytest.mark.parametrize(
    ("status", "held"),
    [
        ("authorized", False),
        ("paid", False),
        ("partially_refunded", False),
        ("partially_paid", True),
        ("pending", True),
        ("expired", True),
        ("voided", True),
        ("refunded", True),
        ("some future status", True),
        (None, True),
    ],
)
def test_only_authorized_and_paid_orders_are_routed(status: str | None, held: bool) -> None:
    body = changed("orders-create", financial_status=status)
    expected = HoldReason.AWAITING_PAYMENT if held else None

    assert order_from(("orders/create", body)).hold_reason is expected
    routed = order_from(("orders/create", body), policy=Policy(route_unpaid=True))
    assert routed.hold_reason is None


def test_test_orders_wait_for_a_person_unless_the_deployment_routes_them() -> None:
    told = ("orders/create", sample("test-order"))

    assert order_from(told).hold_reason is HoldReason.MANUAL
    assert order_from(told, policy=Policy(route_test_orders=True)).hold_reason is None


def test_gift_cards_and_downloads_are_delivered_at_once_without_a_ship_group() -> None:
    order = order_from(("orders/create", sample("digital")))

    assert list(buckets(order).values()) == [{"delivered": 1}, {"delivered": 2}]
    assert order.ship_groups == ()
    assert {line.ship_group_id for line in order.lines} == {None}
    assert (order.status, order.due_at) == (OrderStatus.CLOSED, None)


def test_of_a_mixed_order_only_the_goods_wait_to_be_routed() -> None:
    order = order_from(("orders/create", sample("mixed-digital")))

    assert list(buckets(order).values()) == [{"pending": 3}, {"delivered": 1}]
    assert [line.ship_group_id for line in order.lines] == ["sg1", None]


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("null-sku", "line_items.14900000000060.sku"),
        ("blank-sku", "line_items.14900000000061.sku"),
        ("no-address", "ship_groups.sg1.address"),
    ],
)
def test_goods_without_sku_or_address_hold_the_order_naming_the_field(
    name: str, detail: str
) -> None:
    order = order_from(("orders/create", sample(name)))

    assert (order.hold_reason, order.hold_detail) == (HoldReason.INVALID_DATA, detail)


def test_a_draft_order_with_a_custom_line_that_needs_no_shipping_is_routed() -> None:
    order = order_from(("orders/create", sample("draft")))

    assert order.hold_reason is None
    assert list(buckets(order).values()) == [{"delivered": 1}, {"pending": 4}]


def test_a_sale_at_the_till_was_collected_and_needs_neither_sku_address_nor_work() -> None:
    order = order_from(("orders/create", sample("pos")))

    assert list(buckets(order).values()) == [{"collected": 2}]
    assert (order.status, order.hold_reason) == (OrderStatus.CLOSED, None)


def test_a_failed_fulfillment_has_moved_nothing() -> None:
    order = order_from(("orders/create", sample("failed-fulfillment")))

    assert list(buckets(order).values()) == [{"pending": 2, "delivered": 1}]


def test_a_late_create_does_not_bring_a_cancelled_order_back() -> None:
    cancelled = order_from(CANCELLED)
    assert cancelled.status is OrderStatus.CANCELLED

    assert tell(cancelled, facts_of(*CREATE)) == cancelled


def test_a_late_create_does_not_rewind_the_address() -> None:
    body = changed("orders-updated")
    body["shipping_address"] = {**body["shipping_address"], "city": "Tacoma", "zip": "98402"}
    order = order_from(("orders/updated", body), CREATE)

    (group,) = order.ship_groups
    assert group.destination is not None and group.destination.city == "Tacoma"


def test_an_address_change_moves_the_destination_and_no_units() -> None:
    before = order_from(PAID)
    allocated = before.with_lines([before.line(TENT).moved(Bucket.PENDING, Bucket.ALLOCATED, 1)])
    body = changed("orders-paid", updated_at="2026-11-20T10:20:00-08:00")
    body["shipping_address"] = {**body["shipping_address"], "city": "Tacoma"}

    after = tell(allocated, facts_of("orders/updated", body))

    assert after is not None
    assert after.lines == allocated.lines
    assert after.ship_groups[0].destination != allocated.ship_groups[0].destination
    assert after.history[-1].type == "OrderUpdated"
    assert "address" in after.history[-1].data["changed"]  # type: ignore[operator]


def test_of_two_states_of_one_second_the_one_triggered_later_holds() -> None:
    # GIVEN two addresses within one second of the channel's clock
    def at(city: str, millisecond: int) -> Any:
        body = changed("orders-paid")
        body["shipping_address"] = {**body["shipping_address"], "city": city}
        moment = NOW + timedelta(milliseconds=millisecond)
        return replace(facts_of("orders/updated", body), triggered_at=moment)

    for early, late in (("Tacoma", "Olympia"), ("Olympia", "Tacoma")):
        first, second = at(early, 1), at(late, 2)
        for one, other in ((first, second), (second, first)):
            order = tell(tell(None, one), other)
            assert order is not None and order.ship_groups[0].destination is not None
            assert order.ship_groups[0].destination.city == late


def test_payments_of_one_second_never_fall_back() -> None:
    paid = changed("orders-create", financial_status="paid")

    for told in ([CREATE, ("orders/updated", paid)], [("orders/updated", paid), CREATE]):
        assert order_from(*told).hold_reason is None


def test_an_edit_and_the_snapshot_that_contains_it_count_once() -> None:
    snapshot = changed("orders-paid", updated_at="2026-11-20T10:30:04-08:00")
    snapshot["line_items"][1]["current_quantity"] = 1
    update = ("orders/updated", snapshot)

    for told in ([PAID, EDITED, update], [PAID, update, EDITED], [update, EDITED, PAID]):
        assert buckets(order_from(*told))[STOVE] == {"pending": 1, "cancelled": 1}


def test_an_edit_that_names_an_unknown_line_holds_the_order_until_the_line_is_told() -> None:
    edited = ("orders/edited", sample("orders-edited-new-line"))
    held = order_from(PAID, edited)
    assert held.hold_reason is HoldReason.INVALID_DATA
    assert "14900000000009" in held.hold_detail

    body = changed("orders-paid", updated_at="2026-11-20T10:32:09-08:00")
    new = {**body["line_items"][0], "id": 14900000000009, "admin_graphql_api_id": ""}
    body["line_items"].append(new)
    released = tell(held, facts_of("orders/updated", body))

    assert released is not None
    assert (released.hold_reason, released.line("14900000000009").quantity) == (None, 1)


def test_an_edit_adds_units_to_a_known_line_before_the_snapshot_shows_them() -> None:
    edit = sample("orders-edited")
    edit["order_edit"]["line_items"] = {"additions": [{"id": int(TENT), "delta": 2}]}

    assert buckets(order_from(PAID, ("orders/edited", edit)))[TENT] == {"pending": 3}


def test_a_refund_that_comes_before_its_order_waits_for_it() -> None:
    refund = ("refunds/create", sample("refunds-create"))
    stub = order_from(refund)
    assert (stub.hold_reason, stub.hold_detail) == (HoldReason.INVALID_DATA, "waits for its order")
    assert stub.lines == ()

    order = tell(stub, facts_of(*PAID))

    assert order is not None
    assert (order.hold_reason, order.currency) == (None, "USD")
    assert buckets(order)[TENT] == {"cancelled": 1}
    assert [entry.type for entry in order.history] == [
        "OrderHeld",
        "OrderPlaced",
        "OrderRefunded",
        "OrderCancelled",
        "OrderReleased",
    ]


def test_goods_that_came_back_after_delivery_are_no_cancellation() -> None:
    # GIVEN a stove that the channel handed over, and one that still waits
    body = changed("orders-paid")
    line = {"id": int(STOVE), "quantity": 1}
    body["fulfillments"] = [{"id": 1, "status": "success", "line_items": [line]}]

    # WHEN one comes back
    returned = ("refunds/create", sample("refunds-create-return"))
    order = order_from(("orders/updated", body), returned)

    # THEN the other is still owed
    assert buckets(order)[STOVE] == {"delivered": 1, "pending": 1}


def test_a_refund_of_money_alone_cancels_nothing_and_is_told() -> None:
    order = order_from(PAID, ("refunds/create", sample("refunds-create-money-only")))

    assert buckets(order) == {TENT: {"pending": 1}, STOVE: {"pending": 2}}
    assert order.history[-1].type == "OrderRefunded"


def test_a_refund_that_the_snapshot_lists_is_in_its_quantities_whatever_the_clocks_say() -> None:
    # GIVEN a snapshot whose refund bears a later time than itself, as real ones do
    body = changed("orders-paid")
    refund = {**sample("refunds-create"), "created_at": "2030-01-01T00:00:00Z"}
    body["refunds"] = [refund]
    body["line_items"][0].update(quantity=2, current_quantity=1)

    assert buckets(order_from(("orders/updated", body)))[TENT] == {"cancelled": 1, "pending": 1}


def test_a_refund_that_no_snapshot_ever_shows_counts_all_the_same() -> None:
    refund = {**sample("refunds-create"), "created_at": "2026-11-20T10:00:00-08:00"}

    assert buckets(order_from(PAID, ("refunds/create", refund)))[TENT] == {"cancelled": 1}


def test_a_refund_told_twice_counts_once() -> None:
    refund = ("refunds/create", sample("refunds-create"))
    once, twice = order_from(PAID, refund), order_from(PAID, refund, refund)
    assert (buckets(twice), twice.channel_refunded) == (buckets(once), once.channel_refunded)
    assert once.channel_refunded > 0
    assert [entry.type for entry in twice.history].count("OrderRefunded") == 1


def test_a_partial_refund_before_shipping_never_blocks_the_rest() -> None:
    # GIVEN a shop that takes one of the goods off a paid order and pays it back
    order = order_from(PAID, ("refunds/create", sample("refunds-create")))
    assert order.hold_reason is None and is_routable(order)
    assert buckets(order) == {TENT: {"cancelled": 1}, STOVE: {"pending": 2}}
    # WHEN money of nothing in particular is paid back, too, THEN the rest is still to be sent
    order = tell(order, facts_of("refunds/create", sample("refunds-create-money-only"))) or order
    assert is_routable(order) and buckets(order)[STOVE] == {"pending": 2}
    # AND once it is delivered, the order is done
    stove = order.line(STOVE).moved(Bucket.PENDING, Bucket.DELIVERED, 2)
    assert order.with_lines([stove]).status is OrderStatus.CLOSED


def test_a_cancelled_order_is_cancelled_whatever_its_quantities_say() -> None:
    body = changed("orders-paid", cancelled_at="2026-11-20T10:17:00-08:00")

    for told in (("orders/updated", body), ("orders/cancelled", sample("orders-paid"))):
        assert buckets(order_from(told)) == {TENT: {"cancelled": 1}, STOVE: {"cancelled": 2}}


def test_a_body_without_current_quantity_is_read_from_its_refunds() -> None:
    order = order_from(("orders/create", sample("old-api-version")))

    assert list(buckets(order).values()) == [{"pending": 1, "cancelled": 1}, {"pending": 1}]


def test_a_hold_that_a_person_set_or_ended_is_theirs() -> None:
    # GIVEN a person suspects fraud
    suspected = replace(order_from(CREATE), hold_reason=HoldReason.FRAUD_RISK, hold_detail="card")
    # WHEN the payment comes, THEN the suspicion stays
    after = tell(suspected, facts_of(*PAID))
    assert after is not None and after.hold_reason is HoldReason.FRAUD_RISK

    # GIVEN a person released an unpaid order
    released = replace(order_from(CREATE), hold_reason=None, hold_detail="")
    # WHEN it changes otherwise, THEN it stays released
    unpaid = changed("orders-updated", financial_status="pending")
    after = tell(released, facts_of("orders/updated", unpaid))
    assert after is not None and after.hold_reason is None


def test_amounts_are_kept_in_the_shops_currency_and_the_buyers_beside_them() -> None:
    order = order_from(("orders/create", sample("multi-currency")))

    (line,) = order.lines
    assert line.unit_price == Money(15000, "USD")
    assert (line.discount, line.tax) == (Money(1500, "USD"), Money(2835, "USD"))
    assert order.source["amounts"] == {
        "total": "163.35",
        "presentment_currency": "EUR",
        "presentment_total": "150.50",
        "taxes_included": False,
    }


def test_what_intake_remembers_is_plain_json() -> None:
    order = order_from(PAID, EDITED, ("refunds/create", sample("refunds-create")), CANCELLED)

    assert json.loads(json.dumps(order.source)) == order.source


def test_the_state_read_back_from_storage_merges_as_the_one_that_was_written() -> None:
    told = [PAID, EDITED, ("refunds/create", sample("refunds-create")), CANCELLED]
    order = order_from(*told)
    stored = replace(order, source=json.loads(json.dumps(order.source)))

    for one in told:
        assert tell(stored, facts_of(*one)) == stored


def authorized(**changes: Any) -> dict[str, Any]:
    """The sample as a shop that captures by hand sends it, with a tip."""
    total = f"{float(sample('orders-create')['total_price']) + 2:.2f}"
    told = changed("orders-create", financial_status="authorized", total_price=total)
    return {**told, "total_price_set": None, **changes}


def test_what_is_only_guaranteed_is_known_with_the_tip_and_its_end() -> None:
    order = order_from(("orders/create", authorized()))
    known = order.authorization
    assert known
    assert (known.amount, known.fees, known.due) == (order_total(order) + 200, 200, 0)
    assert known.expires_at == order.placed_at + timedelta(days=7)
    assert order_from(("orders/create", changed("orders-create"))).authorization is None


def test_a_part_that_was_captured_holds_nothing_and_a_paid_order_is_followed_no_more() -> None:
    later = {"updated_at": "2027-01-01T00:00:00Z"}
    part = changed("orders-updated", financial_status="partially_paid", **later)
    order = order_from(("orders/create", authorized()), ("orders/updated", part))
    assert order.hold_reason is None
    assert order.authorization
    assert not order.authorization.settled
    paid = changed("orders-updated", financial_status="paid", **later)
    for told in ([authorized(), paid], [paid, authorized()]):
        order = order_from(*(("orders/updated", body) for body in told))
        assert order.authorization
        assert order.authorization.settled


def test_what_the_channel_cancels_is_let_go_at_once() -> None:
    gone = authorized(cancelled_at="2026-11-20T18:00:00Z")
    order = order_from(("orders/create", authorized()), ("orders/cancelled", gone))
    assert order.authorization
    assert order.authorization.void == order.authorization.amount
    assert order.history[-1].type == "PaymentVoidDue"
