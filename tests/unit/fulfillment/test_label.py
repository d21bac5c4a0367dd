"""A packed parcel's label: bought once, and the shipment leaves under its number."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from dom.errors import (
    Busy,
    CommitRefused,
    Conflict,
    IllegalTransition,
    InvalidInput,
    NotFound,
    Rejected,
)
from dom.fulfillment.actions import perform
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.label import LabelRequest, label_parcel
from dom.fulfillment.ports import Floor
from dom.model.box import Box
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder, FulfillmentStatus, Parcel
from dom.model.ids import LocationId, Sku
from dom.model.money import Money
from dom.model.order import Bucket, Method, Order
from support.builders import NOW, line, location, order, work
from support.fakes import FakeLedger, frozen
from support.shipments import House as MergedHouse

S, B = FulfillmentStatus, Bucket


@dataclass
class Carrier:
    """Sells one label for each reference; `refuses` raises it once for each in the list."""

    sold: dict[str, Parcel] = field(default_factory=dict)
    refuses: list[Exception] = field(default_factory=list)

    def label(self, work: FulfillmentOrder, order: Order, number: int, grams: int) -> Parcel:
        if self.refuses:
            raise self.refuses.pop(0)
        shared = [p.shared for p in work.parcels[number - 1 : number]]
        name = next(filter(None, shared), f"{work.id}-p{number}")
        made = Parcel(f"1Z{len(self.sold)}", "UPS", "", grams)
        made = replace(made, label=f"labels/{name}.pdf", label_cost=Money(834, "USD"))
        return self.sold.setdefault(name, made)


@dataclass
class House:
    """Two mugs, packed at RENO."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    carrier: Carrier = field(default_factory=Carrier)

    @property
    def floor(self) -> Floor:
        return Floor(self.ledger, self.ledger, self.ledger, self.ledger, frozen(NOW))

    @property
    def work(self) -> FulfillmentOrder:
        return self.ledger.works["ord_a-1"]  # type: ignore[index]

    def label(
        self, number: int = 1, grams: int = 700, allowed: frozenset[str] | None = None
    ) -> FulfillmentOrder:
        wanted = LabelRequest(number, grams)
        return label_parcel("ord_a-1", wanted, "ana", allowed, self.floor, self.carrier)


def packed(status: S = S.PACKED, **rest: object) -> House:
    house = House()
    house.ledger.open(location("RENO"), location("SHOP"))
    house.ledger.stock("MUG", "RENO", 5, reserved=2)
    lines = (FulfillmentLine("1", Sku("MUG"), 2),)
    made = work(status=status, lines=lines, **rest)  # type: ignore[arg-type]
    house.ledger.works[made.id] = made
    bought = line("1", quantity=2, buckets={B.PACKED: 2})
    house.ledger.orders["ord_a"] = order("ord_a", bought)
    return house


def test_a_label_is_bought_once_and_the_shipment_leaves_under_its_number() -> None:
    house = packed()
    [parcel] = house.label().parcels
    assert (parcel.tracking_number, parcel.weight_grams, parcel.label_cost) == (
        "1Z0",
        700,
        Money(834, "USD"),
    )
    told = house.work.history[-1]
    assert told.type == "ParcelLabelled"
    assert (told.data["parcel"], told.data["cost"], told.data["currency"]) == (1, 834, "USD")
    version = house.work.version
    assert house.label().parcels == (parcel,)
    assert (house.work.version, len(house.carrier.sold)) == (version, 1)
    perform("ship", "ord_a-1", ActionRequest(), "ana", None, house.floor)
    assert house.work.parcels == (parcel,)
    assert house.ledger.works_of_parcel("1Z0") == ["ord_a-1"]
    # AND who asks later gets the same one
    assert house.label().parcels == (parcel,)


def test_each_parcel_has_its_own_and_keeps_what_the_packer_said_of_it() -> None:
    known = (Parcel(weight_grams=900, units={"1": 1}), Parcel(units={"1": 1}))
    house = packed(parcels=known)
    house.label(1, 0)
    house.label(2, 400)
    house.label(3, 50)
    told = [(x.weight_grams, dict(x.units)) for x in house.work.parcels]
    assert told == [(900, {"1": 1}), (400, {"1": 1}), (50, {})]
    assert sorted(house.carrier.sold) == ["ord_a-1-p1", "ord_a-1-p2", "ord_a-1-p3"]


@pytest.mark.parametrize(
    ("number", "grams", "name"), [(2, 700, "parcel"), (0, 700, "parcel"), (1, 0, "weight_grams")]
)
def test_what_is_wrong_is_named_and_nothing_bought(number: int, grams: int, name: str) -> None:
    house = packed()
    with pytest.raises(InvalidInput) as refused:
        house.label(number, grams)
    assert (refused.value.field, house.carrier.sold) == (name, {})


@pytest.mark.parametrize("status", [S.RELEASED, S.PICKING, S.SHIPPED, S.CANCEL_REQUESTED])
def test_only_what_is_packed_gets_one(status: S) -> None:
    with pytest.raises(IllegalTransition):
        packed(status).label()


def test_what_is_collected_needs_none_but_what_is_sent_to_the_store_does() -> None:
    with pytest.raises(IllegalTransition):
        packed(method=Method.PICKUP).label()
    sent = packed(method=Method.SHIP_TO_STORE, to_location=LocationId("SHOP"))
    assert sent.label().parcels


def test_another_locations_work_does_not_exist() -> None:
    house = packed()
    with pytest.raises(NotFound):
        house.label(allowed=frozenset({"SHOP"}))
    assert house.carrier.sold == {}
    assert house.label(allowed=frozenset({"RENO"})).parcels


@pytest.mark.parametrize("error", [Rejected("no rate"), Busy("HTTP 503")])
def test_a_refusal_leaves_it_packed(error: Exception) -> None:
    house = packed()
    house.carrier.refuses = [error]
    with pytest.raises(type(error)):
        house.label()
    assert (house.work.status, house.work.parcels) == (S.PACKED, ())
    assert house.label().parcels


def test_a_write_that_others_came_before_buys_no_second_label() -> None:
    house, refused = packed(), [1]

    def before(commit: object) -> None:
        if refused:
            refused.pop()
            raise CommitRefused((Conflict("fulfillment order", "ord_a-1", None),))

    house.ledger.before = before
    assert house.label().parcels[0].tracking_number == "1Z0"
    assert len(house.carrier.sold) == 1


def boxed() -> tuple[Carrier, MergedHouse]:
    """Two orders of one customer in one box."""
    house = MergedHouse()
    for name in ("ord_a-1", "ord_c-1"):
        house.add(name)
    house.merge("ord_c-1")
    for action in ("accept", "pick", "pack"):
        house.as_one(action, "ord_a-1", *([Box(Parcel())] if action == "pack" else []))
    return Carrier(), house


def test_a_shared_parcel_gets_one_label_whoever_asks_and_it_is_paid_for_once() -> None:
    carrier, house = boxed()
    for name in ("ord_c-1", "ord_a-1"):
        label_parcel(name, LabelRequest(1, 700), "ana", None, house.floor, carrier)
    parcels = [house.work(name).parcels[0] for name in ("ord_a-1", "ord_c-1")]
    assert len(carrier.sold) == 1
    assert {one.tracking_number for one in parcels} == {"1Z0"}
    assert [one.label_cost for one in parcels] == [None, Money(834, "USD")]


def test_no_label_is_bought_where_the_orders_in_it_go_to_two_doors_by_now() -> None:
    carrier, house = boxed()
    group = replace(house.order("ord_c").ship_groups[0], recipient="another door")
    house.ledger.orders["ord_c"] = replace(house.order("ord_c"), ship_groups=(group,))
    with pytest.raises(Rejected):
        label_parcel("ord_a-1", LabelRequest(1, 700), "ana", None, house.floor, carrier)
    assert carrier.sold == {}
