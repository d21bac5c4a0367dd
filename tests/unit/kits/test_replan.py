"""What was allocated moves before its release, kits whole; decisions of kits are made again."""

from __future__ import annotations

from collections import Counter

import pytest
from dom.model.ids import LocationId, Sku
from dom.model.kit import Kit, KitPart
from dom.model.money import Money
from dom.model.order import Bucket, Order
from dom.routing.ask import inputs_of
from dom.routing.pieces import by_line, names_at, pieces_held, pieces_of
from dom.routing.replan.reassign import Reassignment, reassign
from dom.sourcing.record import facts, record
from dom.sourcing.replay import as_bytes, moment, said
from hypothesis import given
from hypothesis import strategies as st
from support.builders import line, order
from support.kits import lines_of
from support.replanning import Waves

KIT = Kit(
    "7",
    Sku("SET"),
    (KitPart("7-c1", Sku("POT"), 1), KitPart("7-c2", Sku("CUP"), 4)),
    Money(9, "USD"),
)


def kits(number: int, name: str = "ord_a") -> Order:
    lines = (line("7-c1", "POT", number), line("7-c2", "CUP", 4 * number), line("8", "POT", 1))
    return order(name, *lines, kits=(KIT,))


def placed(waves: Waves) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for work in waves.ledger.works.values():
        if work.status.value == "assigned":
            found.setdefault(work.location_id, Counter()).update(lines_of(work))
    return found


def test_kits_move_whole_to_where_they_cost_less() -> None:
    # GIVEN two kits that could only be sent from far away, from two places
    waves = Waves()
    waves.stock({"POT": {"BOSTON": 2, "DALLAS": 1}, "CUP": {"BOSTON": 4, "DALLAS": 4}})
    waves.route(kits(2))
    assert placed(waves) == {
        "BOSTON": {"POT": 2, "CUP": 4},
        "DALLAS": {"POT": 1, "CUP": 4},
    }
    # WHEN there is one and a half next door, no kit is torn
    waves.stock({"POT": {"RENO": 3}, "CUP": {"RENO": 7}})
    assert waves.replan(commit=True).kept == {"keep together": 1}
    # WHEN there is enough, all of it goes
    waves.stock({"POT": {"RENO": 3}, "CUP": {"RENO": 8}})
    report = waves.replan(commit=True)
    (begun,) = report.moves[0].begins
    assert [(x.line_id, x.quantity) for x in begun.lines] == [("7-c1", 2), ("7-c2", 8), ("8", 1)]
    waves.assert_sound()
    assert placed(waves) == {"RENO": {"POT": 3, "CUP": 8}}
    # AND the order's units are still all allocated
    assert [x.buckets for x in waves.ledger.orders["ord_a"].lines] == [
        {Bucket.ALLOCATED: n} for n in (2, 8, 1)
    ]


def test_a_part_that_is_given_elsewhere_by_hand_takes_its_kit_along() -> None:
    waves = Waves()
    waves.stock({"POT": {"RENO": 3}, "CUP": {"RENO": 8}})
    waves.route(kits(2))
    waves.stock({"POT": {"DALLAS": 3}, "CUP": {"DALLAS": 8}})
    wanted = Reassignment("ord_a-1", LocationId("DALLAS"), "ana", "broken", {"7-c2": 1})
    made = reassign(wanted, waves.ledger, waves.routing)
    assert lines_of(made) == {"POT": 1, "CUP": 4}
    assert lines_of(waves.ledger.works["ord_a-1"]) == {"POT": 2, "CUP": 4}


@given(st.integers(0, 40), st.integers(0, 160), st.integers(0, 3))
def test_pieces_are_all_units_once_and_each_kit_in_one_of_them(
    pots: int, cups: int, alone: int
) -> None:
    units = {"7-c1": pots, "7-c2": cups, "8": alone}
    made = order("ord_a", *(line(name, "X", 999) for name in units), kits=(KIT,))
    found = pieces_of(made, "sg1", units)
    assert len({one.name for one in found}) == len(found)
    total = by_line({one.name: one.units for one in found}, made)
    assert total == {name: n for name, n in units.items() if n}
    groups: dict[str, dict[str, int]] = {}
    for one in found:
        if one.together:
            groups.setdefault(one.together, {})[one.line.line_id] = one.units
    assert sum(KIT.whole(group) for group in groups.values()) == min(pots, cups // 4)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12)), min_size=1, max_size=4))
def test_what_locations_hold_is_found_under_the_names_of_its_pieces(
    held: list[tuple[int, int]],
) -> None:
    shelves = [{"7-c1": pots, "7-c2": cups} for pots, cups in held]
    pieces = pieces_held(kits(99), "sg1", shelves)
    wanted = {one.name: one.units for one in pieces}
    found: dict[str, int] = {}
    for number in range(len(shelves)):
        found |= names_at(kits(99), shelves, number)
    assert found == wanted


@pytest.mark.parametrize("number", [1, 2, 5])
def test_a_decision_of_kits_is_made_again_from_its_inputs(number: int) -> None:
    waves = Waves()
    waves.stock({"POT": {"BOSTON": 3, "DALLAS": 4}, "CUP": {"BOSTON": 12, "DALLAS": 9}})
    waves.route(kits(number))
    (decision,) = waves.ledger.decisions.values()
    at = moment(inputs_of(decision, waves.archive), decision.order_id, decision.ship_group_id)
    assert as_bytes(said(decision)) == as_bytes(facts(record(*at)))
