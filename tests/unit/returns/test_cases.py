"""Returns that are easily got wrong: gifts, kits, split shipments, other stores, drop shipping, and
money that was paid back before or beside the return.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from dom.errors import InvalidInput
from dom.model.fulfillment import FulfillmentLine, FulfillmentStatus
from dom.model.ids import LocationId, Sku
from dom.model.location import LocationType
from dom.model.money import Money
from dom.model.order import Bucket, Method, OrderStatus, ShipGroup, order_status
from dom.model.return_policy import ReturnPolicy, ReturnRouting
from dom.model.return_terms import Condition, ReturnMethod, ReturnOutcome, ReturnStatus
from dom.model.rma import Return
from dom.model.totals import order_total
from support.builders import BOSTON, location, work
from support.returning import World, delivered

S, C, B = ReturnStatus, Condition, Bucket
# Cheap goods come back, too: what is counted here must come.
BRING = ReturnPolicy(routing=ReturnRouting(keep_below=0))


def back(world: World, units: dict[str, int], at: str = "RENO", **ask: object) -> Return:
    """A return from the request to its end, as new."""
    record = world.ask(units, **ask)  # type: ignore[arg-type]
    world.receive(record, units, at=at)
    world.inspect(record, [(line, n, C.NEW) for line, n in units.items()])
    return world.settle(record)


def paid(world: World) -> list[int]:
    return [amount for _, amount in world.shop.paid]


def test_a_free_gift_comes_back_into_stock_and_pays_nothing() -> None:
    world = delivered(("MUG", 1, 2000), ("SOCKS", 1, 0))
    world.policy = BRING
    record = back(world, {"2": 1})
    assert (record.status, record.refunded.amount) == (S.CLOSED, 0)
    assert world.ledger.positions["SOCKS@RENO"].on_hand == 5
    assert paid(world) == [0]
    back(world, {"1": 1})
    assert paid(world) == [0, 2000]


def test_who_was_given_it_gets_credit_and_who_paid_is_paid_nothing() -> None:
    world = delivered(("MUG", 1, 2000), ("HAT", 1, 9000), shipping=Money(499, "USD"))
    record = back(world, {"1": 1}, outcome=ReturnOutcome.STORE_CREDIT)
    assert [(one.store_credit, one.amount.amount) for one in record.refunds] == [(True, 2000)]
    # WHEN the buyer returns the other one, THEN only that is paid in money, with the delivery
    [refund] = back(world, {"2": 1}).refunds
    assert (refund.store_credit, refund.amount.amount) == (False, 9499)


def test_of_a_split_shipment_comes_back_what_arrived_and_the_sum_is_exact() -> None:
    # GIVEN three mugs at 33.33 and 1 cent of tax, of which one is still on its way
    world = delivered(("MUG", 3, 3333), taxes={"1": 1}, shipping=Money(499, "USD"))
    line = world.order.line("1").moved(B.DELIVERED, B.SHIPPED, 1)
    world.ledger.orders["ord_a"] = world.order.with_lines([line])
    with pytest.raises(InvalidInput, match="2 of this line"):
        world.ask({"1": 3})
    back(world, {"1": 2})
    assert world.order.status is OrderStatus.FULFILLED
    with pytest.raises(InvalidInput, match="0 of this line"):
        world.ask({"1": 1})
    # WHEN it arrives and comes back
    line = world.order.line("1").moved(B.SHIPPED, B.DELIVERED, 1)
    world.ledger.orders["ord_a"] = world.order.with_lines([line])
    back(world, {"1": 1})
    # THEN the parts sum to what was paid, delivery with the last
    assert paid(world) == [6667, 3333 + 499]
    assert sum(paid(world)) == order_total(world.order)
    assert world.order.status is OrderStatus.CLOSED


def test_a_parcel_is_sent_from_where_its_own_goods_were_delivered() -> None:
    world = delivered(("MUG", 1, 2000), ("HAT", 1, 9000))
    [first] = world.order.ship_groups
    other = ShipGroup("sg2", Method.SHIP, first.destination)
    hat = replace(world.order.line("2"), ship_group_id=other.id)
    split = replace(world.order, ship_groups=(first, other)).with_lines([hat])
    world.ledger.orders["ord_a"] = split
    world.label(world.ask({"2": 1}))
    assert [parcel.group for parcel in world.shop.parcels] == ["sg2"]


def test_it_may_be_brought_to_another_store_than_it_was_bought_from() -> None:
    world = delivered(("MUG", 2, 2000))
    lines = (FulfillmentLine("1", Sku("MUG"), 2),)
    sent = work(1, FulfillmentStatus.DELIVERED, location_id=LocationId("RENO"), lines=lines)
    world.ledger.works[sent.id] = sent
    where = {"method": ReturnMethod.STORE, "location_id": LocationId("BOSTON")}
    record = back(world, {"1": 1}, at="BOSTON", **where)
    assert (record.status, record.location_id) == (S.CLOSED, "BOSTON")
    stock = {key: one.available for key, one in world.ledger.positions.items()}
    assert stock == {"MUG@RENO": 4, "MUG@BOSTON": 1}
    # AND what was to go to one store may be handed over in another
    record = world.ask({"1": 1}, **where)  # type: ignore[arg-type]
    assert world.receive(record, {"1": 1}, at="RENO").location_id == "RENO"
    assert world.ledger.states["BOSTON"]["returning"] == 0


def test_a_part_of_a_kit_pays_its_share_as_the_channel_sells_it() -> None:
    # GIVEN a kit of a lens and a bag at 100.00 with 15.01 off and tax, told as two lines
    world = delivered(
        ("LENS", 1, 8000),
        ("BAG", 1, 2000),
        discounts={"1": 1201, "2": 300},
        taxes={"1": 560, "2": 140},
        shipping=Money(499, "USD"),
    )
    record = back(world, {"2": 1})
    assert record.refunded.amount == 2000 - 300 + 140
    assert world.order.line("1").buckets == {B.DELIVERED: 1}
    back(world, {"1": 1})
    assert sum(paid(world)) == order_total(world.order) == 8000 + 2000 - 1501 + 700 + 499


def test_what_a_supplier_sent_goes_to_it_and_its_stock_or_to_ours_where_we_get_it() -> None:
    world = delivered(("MUG", 2, 2000))
    vendor = location("ACME", type=LocationType.SUPPLIER)
    world.places = (vendor, location("RENO"), location("BOSTON", BOSTON))
    world.ledger.open(vendor)
    lines = (FulfillmentLine("1", Sku("MUG"), 2),)
    sent = work(1, FulfillmentStatus.DELIVERED, location_id=LocationId("ACME"), lines=lines)
    world.ledger.works[sent.id] = sent
    record = world.ask({"1": 1})
    assert record.location_id == "ACME"
    world.receive(record, {"1": 1}, at="ACME")
    world.inspect(record, [("1", 1, C.NEW)])
    assert world.ledger.positions["MUG@ACME"].on_hand == 1
    back(world, {"1": 1}, at="RENO")
    assert world.ledger.positions["MUG@RENO"].on_hand == 5
    world.settle(record)
    assert sorted(paid(world)) == [2000, 2000]


def test_what_the_channel_refunds_before_the_receipt_is_not_paid_again() -> None:
    world = delivered(("MUG", 1, 2000), shipping=Money(499, "USD"))
    record = world.label(world.ask({"1": 1}))
    # WHEN the shop refunds all of it while the parcel is on its way
    line = replace(world.order.line("1"), by_channel=1)
    told = replace(world.order, channel_refunded=2499).with_lines([line])
    world.ledger.orders["ord_a"] = told
    world.receive(record, {"1": 1})
    record = world.settle(world.inspect(record, [("1", 1, C.NEW)]))
    # THEN the goods are in stock, and nothing is paid
    assert (record.status, record.refunded.amount) == (S.CLOSED, 0)
    assert world.ledger.positions["MUG@RENO"].on_hand == 5
    assert world.order.status is OrderStatus.CLOSED


@pytest.mark.parametrize(
    ("buckets", "status"),
    [
        ({B.RETURNED: 2}, OrderStatus.CLOSED),
        ({B.RETURNED: 1, B.DELIVERED: 1}, OrderStatus.CLOSED),
        ({B.RETURNED: 1, B.COLLECTED: 1}, OrderStatus.CLOSED),
        ({B.RETURNED: 1, B.CANCELLED: 1}, OrderStatus.CLOSED),
        ({B.RETURNED: 1, B.SHIPPED: 1}, OrderStatus.FULFILLED),
        ({B.RETURNED: 1, B.PENDING: 1}, OrderStatus.PARTIALLY_FULFILLED),
        ({B.RETURNED: 1, B.BACKORDERED: 1}, OrderStatus.PARTIALLY_FULFILLED),
        ({B.RETURNED: 1, B.PACKED: 1}, OrderStatus.PARTIALLY_FULFILLED),
    ],
)
def test_what_came_back_was_delivered_and_takes_nothing_from_the_rest(
    buckets: dict[Bucket, int], status: OrderStatus
) -> None:
    assert order_status(None, [buckets]) is status
