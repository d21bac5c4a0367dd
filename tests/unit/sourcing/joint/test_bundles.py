"""Moves in the right order: nothing is ever taken before it is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

from dom.sourcing.joint.bundles import Shift, chains
from hypothesis import given
from hypothesis import strategies as st


def shift(owner: str, **changes: int) -> Shift:
    return Shift(owner, changes)


def test_moves_that_need_nothing_of_each_other_stand_alone() -> None:
    found, lost = chains([shift("a", x=1, y=-1), shift("b", x=1)], {"x": 2, "y": 0})
    assert (found, lost) == ([[[0]], [[1]]], [])


def test_who_frees_a_unit_goes_before_who_takes_it() -> None:
    found, lost = chains([shift("taker", x=1), shift("giver", x=-1)], {"x": 0})
    assert (found, lost) == ([[[1], [0]]], [])


def test_two_that_swap_go_together() -> None:
    found, _ = chains([shift("a", x=1, y=-1), shift("b", x=-1, y=1)], {"x": 0, "y": 0})
    assert found == [[[0, 1]]]


def test_a_freed_unit_is_promised_once() -> None:
    found, lost = chains(
        [shift("a", x=1), shift("b", x=1), shift("c", x=-1), shift("d", x=-1)], {"x": 0}
    )
    assert (found, lost) == ([[[2], [0]], [[3], [1]]], [])


def test_what_nothing_makes_room_for_is_lost_and_so_is_who_counted_on_it() -> None:
    moves = [shift("a", x=1, y=-1), shift("b", y=1, z=-1), shift("c", z=1)]
    assert chains(moves, {"x": 0, "y": 0, "z": 0}) == ([], [0, 1, 2])


def test_a_place_that_owes_units_frees_none_for_others() -> None:
    assert chains([shift("a", x=-1), shift("b", x=1)], {"x": -1}) == ([[[0]]], [1])


def test_moves_of_one_order_go_together() -> None:
    found, lost = chains([shift("a", x=-1), shift("b", x=1), shift("a", z=1)], {"x": 0, "z": 1})
    assert (found, lost) == ([[[0, 2], [1]]], [])
    assert chains([shift("a", x=-1), shift("a", z=1)], {"x": 0, "z": 0}) == ([], [0, 1])


KEYS = st.sampled_from("wxyz")
SHIFTS = st.lists(
    st.builds(
        lambda owner, changes: Shift(owner, {k: n for k, n in changes.items() if n}),
        st.integers(0, 9),
        st.dictionaries(KEYS, st.integers(-2, 2), max_size=3),
    ),
    max_size=12,
)


@given(SHIFTS, st.dictionaries(KEYS, st.integers(-2, 3)), st.randoms(use_true_random=False))
def test_any_interleaving_of_chains_in_their_order_is_possible_at_every_step(
    shifts: list[Shift], left: dict[Hashable, int], rng: object
) -> None:
    found, lost = chains(shifts, left)
    assert sorted([i for chain in found for step in chain for i in step] + lost) == list(
        range(len(shifts))
    )
    now, todo = Counter(left), [list(chain) for chain in found]
    while any(todo):
        chain = rng.choice([chain for chain in todo if chain])  # type: ignore[attr-defined]
        step = chain.pop(0)
        if rng.random() < 0.2:  # type: ignore[attr-defined]
            chain.clear()  # it failed, and what follows is left
            continue
        change: Counter[Hashable] = Counter()
        for i in step:
            change.update(shifts[i].changes)
        for key, units in change.items():
            assert key not in left or units <= 0 or now[key] >= units
            now[key] -= units
