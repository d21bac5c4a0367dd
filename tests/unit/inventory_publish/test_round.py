"""Notes of what moved: gathered by outlet, looked at again when they must, and never in each
other's way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from dom.errors import Busy, Rejected
from dom.inventory.publish.ports import Publishing
from dom.inventory.publish.round import Note, Round, work_off
from dom.model.ids import Sku
from dom.model.outlet import Outlet, Shelf, Shown, Wish
from support.builders import NOW
from support.outlets import OUTLET, SETTLE, FakeShelf, Till

OTHER = Outlet("shopify", "second", "9")
MUG, HAT = Sku("MUG"), Sku("HAT")


class Down(FakeShelf):
    """A shop that does not answer."""

    def find(self, skus: Iterable[Sku]) -> Mapping[Sku, Sequence[str]]:
        raise Busy("down")

    def look(self, items: Sequence[str]) -> Mapping[str, int | None]:
        raise Busy("down")

    def show(self, wishes: Sequence[Wish]) -> Mapping[str, str]:
        raise Busy("down")

    def page(self, cursor: str) -> tuple[Sequence[Shown], str]:
        raise Rejected("no such place")


@dataclass
class Desk:
    """Two outlets of what may be sold, and what was sent on."""

    till: Till = field(default_factory=Till)
    shelves: dict[str, Shelf] = field(default_factory=dict)
    later: list[tuple[str, str, timedelta]] = field(default_factory=list)
    pages: list[tuple[str, str]] = field(default_factory=list)
    lags: list[timedelta] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    kits: dict[Sku, datetime] = field(default_factory=dict)
    refuses: bool = False

    def look_again(self, outlet: Outlet, sku: Sku, since: datetime, after: timedelta) -> None:
        self.later.append((outlet.account, sku, after))
        self.since = since

    def go_on(self, outlet: Outlet, cursor: str) -> None:
        self.pages.append((outlet.account, cursor))

    def tell(self, since: Mapping[Sku, datetime]) -> None:
        if self.refuses:
            raise Busy("full")
        self.kits |= since

    def work_off(self, *notes: Note, outlets: Iterable[Outlet] = (OUTLET, OTHER)) -> set[str]:
        till = self.till
        publishing = Publishing(
            lambda outlet: self.shelves[outlet.account], till, till, lambda: till.now, SETTLE
        )
        failed = lambda outlet, error: self.failures.append(f"{outlet.account}: {error}")  # noqa: E731
        return work_off(notes, outlets, Round(publishing, self, self.lags.append, failed))


def desk() -> Desk:
    made = Desk()
    made.till.stocks("MUG", 9, 4)
    made.till.stocks("HAT", 9, 2)
    second = FakeShelf(dict(made.till.shelf.names), dict(made.till.shelf.shown))
    made.shelves = {OUTLET.account: made.till.shelf, OTHER.account: second}
    return made


def note(name: str, sku: Sku | None = None, ago: int = 0, **rest: object) -> Note:
    return replace(Note(name, NOW - timedelta(seconds=ago), sku), **rest)  # type: ignore[arg-type]


def test_every_active_outlet_shows_it_and_several_movements_are_one_look() -> None:
    made = desk()
    assert made.work_off(note("1", MUG), note("2", HAT), note("3", MUG, ago=7)) == set()
    for shelf in made.shelves.values():
        assert isinstance(shelf, FakeShelf)
        assert shelf.shown == {"i-MUG": 4, "i-HAT": 2}
        assert shelf.order == ["i-HAT", "i-MUG"]
    assert sorted(made.lags) == [timedelta(), timedelta(), *[timedelta(seconds=7)] * 2]


def test_an_outlet_that_is_down_keeps_no_other_waiting() -> None:
    made = desk()
    made.shelves[OUTLET.account] = Down()
    assert made.work_off(note("1", MUG), note("2", None, outlet=("shopify", "acme"))) == {"1", "2"}
    assert made.shelves["second"].look(["i-MUG"]) == {"i-MUG": 4}
    assert made.failures == ["acme: down", "acme: no such place"]


def test_an_outlet_that_is_off_or_gone_shows_nothing_new() -> None:
    made = desk()
    off = replace(OTHER, active=False)
    assert made.work_off(note("1", MUG, outlet=("shopify", "gone")), outlets=(OUTLET, off)) == set()
    assert made.work_off(note("1", MUG), outlets=(off,)) == set()
    assert made.till.shelf.shown["i-MUG"] == made.shelves["second"].look(["i-MUG"])["i-MUG"] == 9


def test_what_must_stand_still_is_looked_at_again_there_and_its_lag_is_from_the_beginning() -> None:
    made = desk()
    made.till.sellable["MUG"] = 12
    made.work_off(note("1", MUG, ago=2), outlets=(OUTLET,))
    assert made.later == [("acme", "MUG", SETTLE)]
    made.till.passes(15)
    again = Note("2", made.since, MUG, ("shopify", "acme"))
    assert made.work_off(again) == set()
    assert made.lags == [timedelta(seconds=17)]
    assert made.shelves["second"].look(["i-MUG"]) == {"i-MUG": 9}


def test_everything_is_asked_for_page_by_page_of_each_outlet() -> None:
    made = desk()
    made.work_off(note("schedule"))
    assert made.pages == [("acme", ""), ("second", "")]
    made.till.shelf.per_page = 1
    made.pages.clear()
    made.work_off(note("1", None, outlet=("shopify", "acme")))
    assert made.pages == [("acme", "1")]
    made.work_off(note("2", None, outlet=("shopify", "acme"), cursor="1"))
    assert made.pages == [("acme", "1")]
    assert made.till.shelf.shown == {"i-MUG": 4, "i-HAT": 2}


def test_kits_of_what_moved_are_looked_at_as_well_each_by_a_note_of_its_own() -> None:
    made = desk()
    made.till.kits = {MUG: [Sku("SET"), HAT]}
    made.work_off(note("a", MUG, ago=9), note("b", HAT, ago=3))
    assert made.kits == {"SET": NOW - timedelta(seconds=9)}
    # WHEN one outlet is to be looked at again, nothing has moved
    made.kits.clear()
    made.work_off(note("c", MUG, outlet=(OUTLET.channel, OUTLET.account)))
    assert made.kits == {}


def test_a_movement_whose_kits_cannot_be_told_of_comes_again() -> None:
    made = desk()
    made.till.kits = {MUG: [Sku("SET")]}
    made.refuses = True
    assert made.work_off(note("a", MUG), note("b", HAT)) == {"a", "b"}
    assert made.till.shelf.shown["i-MUG"] == 4
