"""Bodies of POST /orders, read as facts or refused by the name of a field."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from dom.channels import CHANNELS
from dom.errors import InvalidInput
from dom.model.facts import Facts
from dom.model.geo import Coordinates, Destination
from dom.model.ids import LocationId
from dom.model.money import Money
from dom.model.order import HoldReason, Method, ShipGroup
from support.intake import buckets, order_of

ADDRESS = {
    "name": "Ada Quist",
    "address1": "1 Main Street",
    "city": "Reno",
    "province_code": "NV",
    "postal_code": "89501",
    "country_code": "us",
    "latitude": 39.53,
    "longitude": -119.81,
}
LINE = {
    "line_id": "1",
    "sku": "MUG",
    "quantity": 2,
    "unit_price": {"amount": 1500, "currency": "USD"},
}
BODY: dict[str, Any] = {
    "channel": "webshop",
    "account": "main",
    "external_id": "A-17",
    "currency": "USD",
    "placed_at": "2026-11-20T10:00:00Z",
    "customer": {"id": "c1", "name": "Ada Quist", "email": "ada@example.com"},
    "ship_groups": [{"method": "ship", "address": ADDRESS, "lines": [LINE]}],
}


def parse(body: object) -> Facts:
    facts = CHANNELS["api"].parse("orders/create", "", json.dumps(body).encode())
    assert facts is not None
    return facts


def test_an_order_by_api_is_known_by_the_shops_own_names() -> None:
    facts = parse(BODY)

    assert (facts.channel, facts.account, facts.external_id) == ("webshop", "main", "A-17")
    assert facts.snapshot is not None
    assert facts.snapshot.lines[0].unit_price == Money(1500, "USD")
    assert facts.snapshot.personal["first_name"] == "Ada"


def test_it_is_paid_and_routed_unless_it_says_otherwise() -> None:
    assert order_of([parse(BODY)]).hold_reason is None
    unpaid = parse({**BODY, "financial_status": "pending"})
    assert order_of([unpaid]).hold_reason is HoldReason.AWAITING_PAYMENT


def test_each_ship_group_has_its_method_and_place() -> None:
    pickup = {"method": "pickup", "location_id": "STORE-1", "lines": [{**LINE, "line_id": "2"}]}
    digital = {"method": "digital", "lines": [{**LINE, "line_id": "3"}]}

    order = order_of([parse({**BODY, "ship_groups": [*BODY["ship_groups"], pickup, digital]})])

    place = Destination("US", "89501", "NV", "Reno", Coordinates(39.53, -119.81))
    assert order.ship_groups == (
        ShipGroup("sg1", Method.SHIP, place),
        ShipGroup("sg2", Method.PICKUP, None, "STORE-1"),  # type: ignore[arg-type]
    )
    assert [line.ship_group_id for line in order.lines] == ["sg1", "sg2", None]
    assert buckets(order) == {"1": {"pending": 2}, "2": {"pending": 2}, "3": {"delivered": 2}}
    assert order.hold_reason is None


def test_goods_may_be_sent_to_a_store_and_the_customer_has_a_tier_and_a_promise() -> None:
    group = {
        "method": "ship_to_store",
        "location_id": "STORE-1",
        "promised_by": "2026-11-24T18:00:00-05:00",
        "lines": [LINE],
    }

    order = order_of([parse({**BODY, "tier": "gold", "ship_groups": [group]})])

    by = datetime(2026, 11, 24, 23, tzinfo=UTC)
    assert order.tier == "gold"
    assert order.ship_groups == (
        ShipGroup("sg1", Method.SHIP_TO_STORE, None, LocationId("STORE-1"), by),
    )
    assert order.hold_reason is None


def test_a_later_version_of_the_order_changes_it_and_an_earlier_one_does_not() -> None:
    moved = {**ADDRESS, "city": "Sparks"}
    group = {**BODY["ship_groups"][0], "address": moved}
    later = {**BODY, "updated_at": "2026-11-20T11:00:00Z", "ship_groups": [group]}

    for told in ([BODY, later], [later, BODY]):
        (group,) = order_of(map(parse, told)).ship_groups
        assert group.destination is not None and group.destination.city == "Sparks"


def priced(unit_price: dict[str, Any]) -> dict[str, Any]:
    return {"ship_groups": [{"lines": [{**LINE, "unit_price": unit_price}]}]}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"channel": "a#b"}, "channel"),
        ({"external_id": ""}, "external_id"),
        ({"currency": "usd?"}, "currency"),
        ({"placed_at": "2026-11-20T10:00:00"}, "placed_at"),
        ({"ship_groups": []}, "ship_groups"),
        ({"financial_status": "maybe"}, "financial_status"),
        ({"ship_groups": [{"lines": [{**LINE, "quantity": 0}]}]}, "ship_groups.0.lines.0.quantity"),
        ({"ship_groups": [{"lines": [LINE, LINE]}]}, "ship_groups"),
        (
            {"ship_groups": [{"lines": [LINE], "address": {**ADDRESS, "latitude": 91}}]},
            "ship_groups.0.address.latitude",
        ),
        (
            {
                "ship_groups": [
                    {"lines": [{**LINE, "unit_price": {"amount": 1, "currency": "EUR"}}]}
                ]
            },
            "ship_groups.0.lines.0.unit_price.currency",
        ),
        (
            {
                "ship_groups": [
                    {"lines": [{**LINE, "unit_price": {"amount": 1.5, "currency": "USD"}}]}
                ]
            },
            "ship_groups.0.lines.0.unit_price.amount",
        ),
    ],
)
def test_what_cannot_be_understood_is_refused_by_the_name_of_the_field(
    change: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse({**BODY, **change})
    assert refused.value.field == field
