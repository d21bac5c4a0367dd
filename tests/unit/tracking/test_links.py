"""A link opens one order, for whoever has it, and nobody can make one."""

from __future__ import annotations

import pytest
from dom.errors import NotFound
from dom.model.tracking_link import order_of, signed
from hypothesis import given
from hypothesis import strategies as st

KEY, OLD = "k" * 64, "o" * 64


def test_a_link_opens_its_order_also_after_the_key_was_rotated() -> None:
    assert order_of(signed("ord_a", KEY), [KEY]) == "ord_a"
    assert order_of(signed("ord_a", OLD), [KEY, OLD]) == "ord_a"
    with pytest.raises(NotFound):
        order_of(signed("ord_a", OLD), [KEY])


def test_a_seal_is_of_its_order_only() -> None:
    _, _, seal = signed("ord_a", KEY).partition(".")
    with pytest.raises(NotFound):
        order_of(f"ord_b.{seal}", [KEY])


@pytest.mark.parametrize("keys", [[], [""]])
def test_without_a_key_no_link_opens_anything(keys: list[str]) -> None:
    with pytest.raises(NotFound):
        order_of(signed("ord_a", ""), keys)


@given(st.text(max_size=120))
def test_whatever_is_typed_opens_nothing(text: str) -> None:
    with pytest.raises(NotFound):
        order_of(text, [KEY])


@given(st.integers(0, 29), st.characters())
def test_a_link_with_one_character_changed_opens_nothing(at: int, other: str) -> None:
    token = signed("ord_a", KEY)
    changed = token[:at] + other + token[at + 1 :]
    if changed != token:
        with pytest.raises(NotFound):
            order_of(changed, [KEY])
