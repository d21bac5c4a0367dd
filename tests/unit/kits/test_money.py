"""What a kit cost is what its parts cost, to the last minor unit, however it is refunded."""

from __future__ import annotations

import pytest
from dom.intake.kit_money import priced
from dom.model.ids import Sku
from dom.model.kit import Kit, KitPart, in_kits, in_parts, portions, with_rest
from dom.model.money import Money
from dom.model.totals import amount_of, goods_total
from hypothesis import given
from hypothesis import strategies as st
from support.kits import sold_line

PARTS = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 5_000)), min_size=1, max_size=10)


def kit_of(parts: list[tuple[int, int]]) -> Kit:
    made = tuple(
        KitPart(f"7-c{n}", Sku(f"P{n}"), units, weight) for n, (units, weight) in enumerate(parts)
    )
    return Kit("7", Sku("KIT"), made, Money(0, "USD"))


@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
@given(
    parts=PARTS,
    kits=st.integers(1, 30),
    price=st.integers(0, 10**7),
    discount=st.integers(0, 10**6),
    tax=st.integers(0, 10**6),
)
def test_shares_of_price_discount_and_tax_sum_to_the_line(
    currency: str, parts: list[tuple[int, int]], kits: int, price: int, discount: int, tax: int
) -> None:
    line = sold_line("7", "KIT", kits, price, discount=discount, tax=tax, currency=currency)
    made = list(priced(kit_of(parts), line, kits))
    assert sum(goods_total(x) for x in made) == goods_total(line)
    assert sum(amount_of(x.tax) for x in made) == tax
    assert {x.unit_price.currency for x in made} == {currency}
    assert all(x.unit_price.amount >= 0 and x.quantity % kits == 0 for x in made)


@given(parts=PARTS, kits=st.integers(0, 40))
def test_what_is_taken_apart_is_put_together_again(parts: list[tuple[int, int]], kits: int) -> None:
    kit = kit_of(parts)
    apart = in_parts({"7": kits, "8": 2}, [kit])
    assert in_kits(apart, [kit]) == ({"7": kits, "8": 2} if kits else {"8": 2})
    first = kit.parts[0]
    torn = {**apart, first.line_id: max(0, apart[first.line_id] - 1)}
    assert in_kits(torn, [kit]).get("7", 0) == max(0, kits - 1)


@given(parts=PARTS, held=st.integers(1, 10), named=st.integers(1, 12))
def test_with_a_unit_goes_the_rest_of_its_kit_and_no_other_kit(
    parts: list[tuple[int, int]], held: int, named: int
) -> None:
    kit = kit_of(parts)
    first, there = kit.parts[0], kit.of(held)
    wanted = min(named, there[first.line_id])
    found = with_rest({first.line_id: wanted}, there, [kit])
    assert kit.whole(found) == kit.begun(found) == -(-wanted // first.units)


@given(kits=st.integers(0, 100_000), single=st.integers(1, 24))
def test_portions_are_all_kits_and_not_many(kits: int, single: int) -> None:
    found = portions(kits, single)
    assert sum(found) == kits
    assert all(found) and len(found) <= single + 18


@given(
    kits=st.integers(0, 500),
    single=st.integers(1, 24),
    shelves=st.lists(st.integers(1, 30), max_size=20),
)
def test_portions_fit_where_there_are_so_many(kits: int, single: int, shelves: list[int]) -> None:
    found = portions(kits, single, shelves)
    assert sum(found) == kits and all(found)
    fullest = sorted(shelves, reverse=True)[: single + 4]
    fit = [size for size, most in zip(found, fullest, strict=False) if size <= most]
    assert sum(fit) >= min(kits - single, sum(fullest))
    assert len(found) <= 2 * single + 5
