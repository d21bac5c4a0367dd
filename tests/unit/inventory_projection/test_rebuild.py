"""Documents are made again from positions, and what differed is told."""

from __future__ import annotations

from dom.inventory.project import Availability, Drift
from dom.model.ids import LocationId, Sku
from support.availability import FakeStore

from tools.rebuild_availability import ReportOnly, by_sku, rebuild

MUG, HAT = Sku("MUG"), Sku("HAT")
BERLIN, ROME = LocationId("berlin"), LocationId("rome")
PLACES = by_sku([(MUG, BERLIN), (HAT, ROME), (MUG, ROME), (MUG, BERLIN)])
DRIFT = {Drift(MUG, BERLIN, 9, 2), Drift(MUG, ROME, 4, None)}


def drifted() -> FakeStore:
    """Mugs: 2 in Berlin where the document says 9, and a position in Rome that is gone."""
    store = FakeStore(positions={(MUG, BERLIN): 2, (HAT, ROME): 1})
    store.documents[MUG] = Availability(MUG, {BERLIN: 9, ROME: 4}, version=3)
    store.documents[HAT] = Availability(HAT, {ROME: 1}, version=1)
    return store


def test_a_rebuild_corrects_every_figure_that_differs_and_writes_nothing_else() -> None:
    store = drifted()
    assert set(rebuild(PLACES, store)) == DRIFT
    assert store.documents[MUG] == Availability(MUG, {BERLIN: 2}, version=4)
    assert store.writes == 1
    assert list(rebuild(PLACES, store)) == []


def test_a_check_reports_the_same_and_changes_nothing() -> None:
    store = drifted()
    assert set(rebuild(PLACES, ReportOnly(store))) == DRIFT
    assert store.writes == 0
