"""GIVEN positions that move, WHEN hints of it arrive in any order and number."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dom.errors import Busy
from dom.inventory.project import (
    Availability,
    Drift,
    StockRecord,
    project,
    project_all,
    touched,
)
from dom.model.ids import LocationId, Sku
from hypothesis import given
from hypothesis import strategies as st
from support.availability import FakeStore

SHIRT, HAT = Sku("SHIRT/M"), Sku("HAT")
BERLIN, PARIS, ROME = LocationId("berlin"), LocationId("paris"), LocationId("rome")


def moved(
    sku: Sku, location: LocationId, before: int | None, after: int | None, sequence: str = "1"
) -> StockRecord:
    return StockRecord(sequence, sku, location, before, after)


def test_only_locations_whose_available_quantity_moved_are_touched() -> None:
    records = [
        moved(SHIRT, BERLIN, 5, 4),
        moved(SHIRT, BERLIN, 4, 3),
        moved(SHIRT, PARIS, None, 0),
        moved(HAT, ROME, 7, 7),  # shipped: on hand and reserved fall together
    ]
    assert touched(records) == {SHIRT: {BERLIN, PARIS}}


def test_the_document_says_what_the_positions_say_now_not_what_the_record_said() -> None:
    store = FakeStore(positions={(SHIRT, BERLIN): 2, (SHIRT, PARIS): -1})
    project(SHIRT, [BERLIN, PARIS], store)
    assert store.documents[SHIRT] == Availability(SHIRT, {BERLIN: 2, PARIS: -1}, version=1)


def test_a_repeat_writes_nothing() -> None:
    store = FakeStore(positions={(SHIRT, BERLIN): 2})
    assert project(SHIRT, [BERLIN], store) == [Drift(SHIRT, BERLIN, None, 2)]
    assert project(SHIRT, [BERLIN], store) == []
    assert store.writes == 1


def test_locations_that_did_not_move_keep_their_figures() -> None:
    store = FakeStore(positions={(SHIRT, BERLIN): 2})
    store.documents[SHIRT] = Availability(SHIRT, {BERLIN: 9, PARIS: 4}, version=3)
    project(SHIRT, [BERLIN], store)
    assert store.documents[SHIRT] == Availability(SHIRT, {BERLIN: 2, PARIS: 4}, version=4)


def test_a_location_whose_position_is_gone_leaves_the_document() -> None:
    store = FakeStore()
    store.documents[SHIRT] = Availability(SHIRT, {BERLIN: 9, PARIS: 4}, version=3)
    project(SHIRT, [BERLIN], store)
    assert store.documents[SHIRT].locations == {PARIS: 4}


def test_a_shard_that_read_old_stock_cannot_overwrite_one_that_read_newer() -> None:
    store = FakeStore(positions={(SHIRT, BERLIN): 5})

    def other_shard() -> None:
        store.between = lambda: None
        store.positions[SHIRT, BERLIN] = 4
        project(SHIRT, [BERLIN], store)

    store.between = other_shard
    project(SHIRT, [BERLIN], store)
    assert store.documents[SHIRT].locations == {BERLIN: 4}


def test_a_document_that_never_stands_still_is_left_for_the_next_delivery() -> None:
    store = FakeStore(positions={(SHIRT, BERLIN): 5})

    def other_shard() -> None:
        stored = store.document(SHIRT)
        store.documents[SHIRT] = replace(stored, version=stored.version + 1)

    store.between = other_shard
    with pytest.raises(Busy):
        project(SHIRT, [BERLIN], store)


def test_a_sku_that_fails_does_not_hold_up_the_others() -> None:
    store = FakeStore(positions={(HAT, ROME): 1}, broken=SHIRT)
    records = [
        moved(SHIRT, BERLIN, 5, 4, "10"),
        moved(HAT, ROME, None, 1, "11"),
        moved(SHIRT, PARIS, 5, 4, "12"),
    ]
    reported: list[Sku] = []
    failed = project_all(records, store, lambda sku, error: reported.append(sku))
    assert (failed, reported) == (["10", "12"], [SHIRT])
    assert store.documents[HAT].locations == {ROME: 1}


@given(
    moves=st.lists(
        st.tuples(st.sampled_from([BERLIN, PARIS, ROME]), st.integers(-3, 9)), max_size=12
    ),
    data=st.data(),
)
def test_hints_in_any_order_cut_into_any_batches_and_repeated_end_in_the_truth(
    moves: list[tuple[LocationId, int]], data: st.DataObject
) -> None:
    store = FakeStore()
    records = []
    for location, after in moves:
        records.append(moved(SHIRT, location, store.positions.get((SHIRT, location)), after))
        store.positions[SHIRT, location] = after
    hints = data.draw(st.permutations(records + records[:3]))
    cut = data.draw(st.integers(0, len(hints)))
    for batch in (hints[:cut], hints[cut:]):
        assert project_all(batch, store, lambda sku, error: None) == []
    # A position that never differed from "not there" has no record; all others must be right.
    expected = {location: units for (_, location), units in store.positions.items()}
    assert dict(store.document(SHIRT).locations) == expected
