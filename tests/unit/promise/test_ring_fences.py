"""Ring-fences: units kept for a channel, which shrink with what it sells and end by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dom.errors import OutOfStock
from dom.intake.fence import fenced
from dom.model.commit import Commit
from dom.model.control import Control, ControlKind, Sale, fence_for, kept_back
from dom.model.ids import LocationId, Sku
from dom.model.order import Bucket, Order
from dom.promise.hold import HoldRequest, hold
from dom.promise.ports import Holding
from hypothesis import given
from hypothesis import strategies as st
from support.builders import NOW, line, location, order
from support.fakes import FakeReservations
from support.promises import Shop

MUG, HAT = Sku("MUG"), Sku("HAT")
DAY = timedelta(days=1)
VIP = "vip"


def fence(units: int, name: str = "drop", channel: str = VIP, **rest: Any) -> Control:
    facts: dict[str, Any] = {
        "skus": frozenset({MUG}),
        "channels": frozenset({channel}),
        "starts_at": NOW - DAY,
        "ends_at": NOW + DAY,
    }
    return Control(name, ControlKind.RING_FENCE, units, **{**facts, **rest})


def shop(*controls: Control, mugs: int = 10) -> Shop:
    made = Shop((location("RENO"),), controls=controls)
    made.ledger.stock("MUG", "RENO", mugs)
    return made


def sell(made: Shop, units: int, channel: str = VIP, sku: str = "MUG") -> Order:
    """An order of the channel, written as ingest writes it."""
    name = f"ord_{len(made.ledger.orders)}"
    one = replace(order(name, line("1", sku, units), version=0), channel=channel, placed_at=NOW)
    made.ledger.commit(Commit(name, NOW, "test", orders=(fenced(one, made.controls),)))
    return made.ledger.orders[name]


def cancel(made: Shop, one: Order, units: int) -> None:
    lines = [one.lines[0].moved(Bucket.PENDING, Bucket.CANCELLED, units)]
    made.ledger.commit(Commit("c", NOW, "test", orders=(one.with_lines(lines),)))


def seen(made: Shop) -> tuple[int, int]:
    """What the fence's channel may sell, and any other."""
    return made.ats("MUG", VIP), made.ats("MUG")


def test_what_is_kept_for_a_channel_only_that_channel_may_sell() -> None:
    assert seen(shop(fence(6))) == (10, 4)
    assert seen(shop(fence(12))) == (10, 0)
    assert seen(shop(fence(6, skus=frozenset({HAT})))) == (10, 10)


def test_a_fence_shrinks_with_what_its_channel_sells_and_nobody_elses_share_does() -> None:
    made = shop(fence(6))
    sell(made, 4)
    assert seen(made) == (6, 4)
    # More than was kept comes out of what is everybody's.
    sell(made, 3)
    assert seen(made) == (3, 3)
    sell(made, 2, "shopify")
    assert seen(made) == (1, 1)


def test_what_is_cancelled_is_kept_again() -> None:
    made = shop(fence(6))
    sold = sell(made, 4)
    cancel(made, sold, 3)
    assert seen(made) == (9, 4)


def test_units_stay_sold_of_the_fence_when_they_leave() -> None:
    made = shop(fence(6))
    sold = sell(made, 4)
    gone = sold.lines[0].moved(Bucket.PENDING, Bucket.SHIPPED, 4)
    made.ledger.commit(Commit("s", NOW, "test", orders=(sold.with_lines([gone]),)))
    made.ledger.stock("MUG", "RENO", 6)
    assert seen(made) == (6, 4)


def test_other_channels_sales_and_other_goods_do_not_count_on_it() -> None:
    made = shop(fence(6))
    assert sell(made, 2, "shopify").fences == {}
    assert sell(made, 2, VIP, "HAT").fences == {}
    assert seen(made) == (8, 2)


def test_before_it_begins_and_after_it_ends_everybody_sells() -> None:
    for moved in ({"starts_at": NOW + DAY / 2}, {"ends_at": NOW}):
        made = shop(fence(6, **moved))
        assert sell(made, 1).fences == {}
        assert seen(made) == (9, 9)


def test_a_fence_that_begins_anew_has_sold_nothing() -> None:
    made = shop(fence(6))
    sell(made, 4)
    made.controls = (fence(6, starts_at=NOW - DAY / 2),)
    assert seen(made) == (6, 0)


def test_fences_of_two_channels_are_added_up() -> None:
    made = shop(fence(3), fence(4, "club", "club"))
    assert (*seen(made), made.ats("MUG", "club")) == (6, 3, 7)
    sell(made, 2, "club")
    assert (*seen(made), made.ats("MUG", "club")) == (6, 3, 5)


def test_a_threshold_counts_beside_it() -> None:
    threshold = Control("t", ControlKind.THRESHOLD, 2)
    assert seen(shop(fence(6), threshold)) == (8, 2)


def test_of_two_fences_of_one_channel_a_sale_draws_on_the_larger() -> None:
    small, large = fence(2, "small"), fence(5, "large")
    assert fence_for(MUG, VIP, NOW, [small, large]) == large.fence
    assert fence_for(MUG, VIP, NOW, [large, small]) == large.fence
    assert fence_for(MUG, "other", NOW, [small, large]) is None


def test_promises_and_holds_go_by_it_and_a_hold_in_a_store_does_not() -> None:
    made = shop(fence(6))
    assert made.promise(("MUG", 5)).unavailable == ((MUG, 1),)
    ports = Holding(
        made.ledger,
        made.places,
        FakeReservations(made.ledger),
        made.ledger,
        lambda: made.now,
        controls=lambda: made.controls,
        sold_of=made.ledger.sold,
    )
    with pytest.raises(OutOfStock):
        hold(HoldRequest({MUG: 5}, DAY, "web", "shopify", None), ports)
    hold(HoldRequest({MUG: 5}, DAY, "web", VIP, None), ports)
    there = LocationId("RENO")
    hold(HoldRequest({MUG: 5}, DAY, "till", "pos", there), ports)


def test_where_an_order_is_told_again_it_counts_once_and_what_is_added_counts_too() -> None:
    made = shop(fence(6))
    sold = sell(made, 2)
    again = fenced(sold, made.controls)
    assert again == sold
    more = replace(sold, lines=(*sold.lines, line("2", "MUG", 1)))
    made.ledger.commit(Commit("m", NOW, "test", orders=(fenced(more, ()),)))
    assert made.ledger.orders[sold.order_id].drawn == {MUG: 3}


CALLS = st.lists(
    st.tuples(st.sampled_from([VIP, "shopify", "cancel"]), st.integers(1, 4)), max_size=10
)


@given(st.integers(1, 12), CALLS)
def test_others_may_sell_what_is_left_over_and_above_what_is_still_kept(
    kept: int, calls: list[tuple[str, int]]
) -> None:
    made = shop(fence(kept), mugs=15)
    vip: list[tuple[Order, int]] = []
    for who, units in calls:
        if who != "cancel":
            sold = sell(made, units, who)
            vip += [(sold, units)] if who == VIP else []
        elif vip:
            cancel(made, *vip.pop())
    waiting = sum(made.ledger.demand([MUG]).values())
    left = max(0, kept - sum(units for _, units in vip))
    assert seen(made) == (max(0, 15 - waiting), max(0, 15 - waiting - left))
    sale = Sale(MUG, "", VIP, NOW)
    assert kept_back(sale, ((location("RENO"), 15),), made.controls) == 0
