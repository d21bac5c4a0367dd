"""Unallocated demand: counted with the order, exactly what its write changes, on its own shard."""

from __future__ import annotations

from dataclasses import replace

from dom.model.demand import Counter, count_up, demand_of, shard_of, uncounted
from dom.model.ids import Sku
from dom.model.order import Bucket, HoldReason
from support.builders import line, order

B = Bucket
MUG, HAT = Sku("MUG"), Sku("HAT")


def test_what_waits_for_a_location_is_demand_and_nothing_else() -> None:
    one = order(
        "ord_a",
        line("1", MUG, 9, buckets={B.PENDING: 2, B.BACKORDERED: 3, B.ALLOCATED: 4}),
        line("2", MUG, 1),
        line("3", HAT, 2, buckets={B.PREORDERED: 2}),
        line("4", HAT, 2, ship_group_id=None),
        line("5", sku=None, quantity=2),
    )
    assert demand_of(one) == {MUG: 6, HAT: 2}
    held = replace(one, hold_reason=HoldReason.FRAUD_RISK)
    assert demand_of(held) == {MUG: 6, HAT: 2}
    assert demand_of(replace(one, test=True)) == {}


def test_a_write_counts_what_it_changes() -> None:
    one = order("ord_a", line("1", MUG, 3), line("2", HAT, 1))
    first = count_up([one], 90)
    shard = shard_of(one.order_id)
    assert first.counters == {Counter(MUG, shard): 3, Counter(HAT, shard): 1}
    (stored,) = first.orders
    assert count_up([stored], 90).counters == {}
    lines = [stored.lines[0].moved(B.PENDING, B.ALLOCATED, 2), stored.lines[1]]
    second = count_up([stored.with_lines(lines)], 90)
    assert second.counters == {Counter(MUG, shard): -2}
    assert second.orders[0].counted == {MUG: 1, HAT: 1}


def test_another_sku_on_the_line_takes_the_count_along() -> None:
    (stored,) = count_up([order("ord_a", line("1", MUG, 3))], 90).orders
    changed = stored.with_lines([replace(stored.lines[0], sku=HAT)])
    shard = shard_of(stored.order_id)
    again = count_up([changed], 90)
    assert again.counters == {Counter(HAT, shard): 3, Counter(MUG, shard): -3}
    assert again.orders[0].counted == {HAT: 3}


def test_orders_of_one_write_share_their_counters() -> None:
    orders = [order(f"ord_{n}", line("1", MUG, 1)) for n in range(40)]
    counted = count_up(orders, 90)
    assert sum(counted.counters.values()) == 40
    assert set(counted.counters) == {Counter(MUG, shard) for shard in range(4)}


def test_what_finds_no_room_is_counted_by_the_next_write_and_rises_come_first() -> None:
    lines = [line(str(n), f"S{n:03}", 1) for n in range(10)]
    one = order("ord_a", *lines, counted={Sku("GONE"): 5})
    counters: dict[object, int] = {}
    writes = 0
    while uncounted(one):
        step = count_up([one], 4)
        assert len(step.counters) <= 4
        for name, units in step.counters.items():
            counters[name] = counters.get(name, 0) + units
        (one,) = step.orders
        writes += 1
        if writes < 3:
            assert Sku("GONE") in one.counted
    assert writes == 3
    assert {name[0]: n for name, n in counters.items()} == {  # type: ignore[index]
        **{Sku(f"S{n:03}"): 1 for n in range(10)},
        Sku("GONE"): -5,
    }
