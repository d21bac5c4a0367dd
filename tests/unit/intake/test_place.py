"""Units of a line between what is known, what intake may move and what it may not."""

from __future__ import annotations

from dom.intake.place import place
from dom.intake.targets import Target
from dom.model.money import Money
from dom.model.order import ASSIGNED, UNASSIGNED, Bucket, OrderLine
from hypothesis import given
from hypothesis import strategies as st

UNITS = st.integers(0, 4)


def line(ships: bool = True, **units: int) -> OrderLine:
    buckets = {Bucket(name): n for name, n in units.items()}
    group = "sg1" if ships else None
    total = sum(units.values())
    return OrderLine("1", total, Money(1, "USD"), ship_group_id=group, buckets=buckets)


def units(placed: OrderLine) -> dict[str, int]:
    return {bucket.value: n for bucket, n in placed.buckets.items()}


def test_cancelled_units_leave_those_that_wait_longest_for_stock_to_the_last() -> None:
    placed = place(line(pending=1, backordered=2), Target(3, 2, 0), {}, Bucket.DELIVERED, 0, 0)

    assert units(placed.line) == {"backordered": 1, "cancelled": 2}


def test_digital_units_are_delivered_unless_cancelled() -> None:
    placed = place(line(ships=False), Target(3, 1, 0), {}, Bucket.COLLECTED, 0, 0)

    assert units(placed.line) == {"delivered": 2, "cancelled": 1}


def test_shipped_units_are_not_cancelled() -> None:
    placed = place(line(shipped=2, pending=1), Target(3, 3, 0), {}, Bucket.DELIVERED, 0, 0)

    assert units(placed.line) == {"shipped": 2, "cancelled": 1}
    assert placed.withdraw == 0


@given(
    stored=st.fixed_dictionaries({bucket.value: UNITS for bucket in Bucket}),
    target=st.builds(Target, st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)),
    ships=st.booleans(),
    asked=UNITS,
)
def test_whatever_is_told_buckets_sum_up_and_other_stages_units_stay(
    stored: dict[str, int], target: Target, ships: bool, asked: int
) -> None:
    before = line(ships, **stored)
    assigned = sum(before.units(bucket) for bucket in ASSIGNED)
    pending = min(asked, assigned)

    placed = place(before, target, {}, Bucket.DELIVERED, asked, pending)

    after = placed.line
    assert sum(after.buckets.values()) == after.quantity
    assert all(n > 0 for n in after.buckets.values())
    movable = {*UNASSIGNED, Bucket.CANCELLED, Bucket.DELIVERED}
    assert all(after.units(b) == before.units(b) for b in Bucket if b not in movable)
    assert 0 <= placed.withdraw <= assigned - pending
    again = place(
        after,
        target,
        placed.own,
        Bucket.DELIVERED,
        asked + placed.withdraw,
        pending + placed.withdraw,
    )
    assert again.line == after
    assert again.withdraw == 0
