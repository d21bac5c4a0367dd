"""Parts of a kit that went different ways: the channel hears of whole kits, each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

from dom.model.as_sold import buckets_of, named, shipment_of, sold
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder, FulfillmentStatus
from dom.model.ids import Sku
from dom.model.kit import Kit, KitPart
from dom.model.money import Money
from dom.model.order import Bucket, Order
from hypothesis import given
from hypothesis import strategies as st
from support.builders import line, order, work

B, S = Bucket, FulfillmentStatus
KIT = Kit(
    "7", Sku("SET"), (KitPart("7-c1", Sku("A"), 1), KitPart("7-c2", Sku("B"), 2)), Money(9, "")
)
Units = Mapping[Bucket, int]


def bought(a: Units, b: Units) -> Order:
    lines = [
        line(name, sku, sum(units.values()), buckets=units)
        for name, sku, units in (("7-c1", "A", a), ("7-c2", "B", b))
    ]
    return order("ord_a", *lines, kits=(KIT,))


def sent(number: int, **units: int) -> FulfillmentOrder:
    lines = tuple(FulfillmentLine(f"7-c{'AB'.index(x) + 1}", Sku(x), n) for x, n in units.items())
    return work(number, S.SHIPPED, lines=lines)


def test_a_kit_is_as_far_as_the_part_of_it_that_is_least_far() -> None:
    (one,) = sold(bought({B.SHIPPED: 2}, {B.SHIPPED: 2, B.PENDING: 2})).lines
    assert one.buckets == {B.PENDING: 1, B.SHIPPED: 1}


def test_a_part_that_was_written_off_alone_is_not_waited_for() -> None:
    (one,) = sold(bought({B.CANCELLED: 1}, {B.DELIVERED: 2})).lines
    assert one.buckets == {B.DELIVERED: 1}


def test_customers_read_of_kits_and_of_what_is_in_none() -> None:
    made = bought({B.PENDING: 2}, {B.PENDING: 4})
    named_kit = replace(KIT, title="Tea for two")
    told = named(replace(made, kits=(named_kit,)), {"7-c1": 2, "7-c2": 3})
    assert list(told) == [(1, "Tea for two"), (1, "A"), (1, "B")]
    assert list(named(made, {"7-c1": 1, "7-c2": 2})) == [(1, "SET")]


def test_a_kit_is_cancelled_when_all_of_it_is() -> None:
    made = bought({B.CANCELLED: 2}, {B.CANCELLED: 3, B.SHIPPED: 1})
    assert sold(made).lines[0].units(B.CANCELLED) == 1


def test_parts_that_left_apart_are_told_once_the_kit_is_complete() -> None:
    made = bought({B.SHIPPED: 1}, {B.SHIPPED: 2})
    first, second = sent(1, A=1), sent(2, B=2)
    assert shipment_of(first, made, [first]).lines == ()
    told = shipment_of(second, made, [first, second])
    assert [(x.line_id, x.quantity) for x in told.lines] == [("7", 1)]
    # WHEN the first is told of once more, after the second was
    known = work(2, S.SHIPPED, lines=second.lines, told_kits=told.told_kits)
    assert shipment_of(first, made, [first, known]).lines == ()


def test_of_two_that_left_only_one_tells_the_kit_whichever_comes_first() -> None:
    made = bought({B.SHIPPED: 1}, {B.SHIPPED: 2})
    first, second = sent(1, A=1), sent(2, B=2)
    told = shipment_of(first, made, [first, second])
    assert told.told_kits == {"7": 1}
    known = work(1, S.SHIPPED, lines=first.lines, told_kits=told.told_kits)
    assert shipment_of(second, made, [known, second]).lines == ()


def test_kits_that_left_whole_are_told_with_their_own_work() -> None:
    made = bought({B.SHIPPED: 6}, {B.SHIPPED: 12})
    works = [sent(1, A=3, B=6), sent(2, A=2, B=4), sent(3, A=1), sent(4, B=2)]
    told = [shipment_of(one, made, works) for one in works[:3]]
    assert [one.told_kits for one in told] == [{"7": 3}, {"7": 2}, {"7": 1}]
    assert shipment_of(works[3], made, works).told_kits == {"7": 1}
    known = [
        replace(one, told_kits=now.told_kits) for one, now in zip(works[:3], told, strict=True)
    ]
    assert shipment_of(works[3], made, [*known, works[3]]).lines == ()


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 7)), min_size=1, max_size=6),
    st.randoms(use_true_random=False),
)
def test_in_whatever_order_works_leave_and_are_told_each_kit_is_told_once(
    units: list[tuple[int, int]], rng: Random
) -> None:
    works = [sent(n, A=a, B=b) for n, (a, b) in enumerate(units, 1)]
    total = KIT.whole({"7-c1": sum(a for a, _ in units), "7-c2": sum(b for _, b in units)})
    made = bought({B.SHIPPED: 99}, {B.SHIPPED: 198})
    left: list[FulfillmentOrder] = []
    told = 0
    for one in rng.sample(works, len(works)):
        left.append(one)
        for n in rng.sample(range(len(left)), rng.randint(0, len(left))):
            told += tell(left, n, made)
    for n in rng.sample(range(len(left)), len(left)):
        told += tell(left, n, made)
    assert told <= total
    # What could be told of was told: nothing of it is left to whoever comes once more.
    assert all(not shipment_of(x, made, left).lines for x in left if not x.channel_reference)


def tell(left: list[FulfillmentOrder], number: int, made: Order) -> int:
    """Confirm a work, as `confirm_shipment` does; kits that were told."""
    work = left[number]
    now = shipment_of(work, made, left)
    if work.channel_reference or not now.lines:
        return 0
    left[number] = replace(work, channel_reference="gid", told_kits=now.told_kits)
    return sum(line.quantity for line in now.lines)


_BUCKETS = st.sampled_from(list(Bucket))


@given(kits=st.integers(1, 4), data=st.data())
def test_buckets_of_kits_sum_to_what_was_ordered_and_tell_of_no_kit_that_is_not_whole(
    kits: int, data: st.DataObject
) -> None:
    def spread(units: int) -> dict[Bucket, int]:
        found: dict[Bucket, int] = {}
        for bucket in data.draw(st.lists(_BUCKETS, min_size=units, max_size=units)):
            found[bucket] = found.get(bucket, 0) + 1
        return found

    made = bought(spread(kits), spread(2 * kits))
    lines = {x.line_id: x for x in made.lines}
    found = buckets_of(KIT, lines, kits)
    assert sum(found.values()) == kits and all(n > 0 for n in found.values())
    off = found.get(B.CANCELLED, 0)
    assert off == min(x.units(B.CANCELLED) // n for x, n in zip(made.lines, (1, 2), strict=True))
    gone = (B.SHIPPED, B.DELIVERED, B.COLLECTED, B.RETURNED)
    for x, n in zip(made.lines, (1, 2), strict=True):
        away = sum(x.units(b) for b in gone) + x.units(B.CANCELLED)
        assert (sum(found.get(b, 0) for b in gone) + off) * n <= away
