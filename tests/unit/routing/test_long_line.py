"""A line longer than one solve: it is served from its head, whoever comes meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from dom.errors import Busy
from dom.model.commit import Commit
from dom.model.ids import LocationId, Sku
from dom.model.order import Bucket
from dom.model.product import Product
from dom.routing import line as lines
from dom.routing import serve as serving
from dom.routing.serve import serve
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders import line, order
from support.line_shop import Shop, bought
from support.release import DAY, GAME
from support.release import Shop as Early

B = Bucket
MUG = Sku("MUG")
FEW = 3
# Midnight in Reno, in daylight saving time.
RELEASE = datetime(2026, 3, 20, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A solve of three of each line, so that a line of ten is long."""
    monkeypatch.setattr(lines, "MOST_AHEAD", FEW)
    monkeypatch.setattr(serving, "MOST_AHEAD", FEW)


def waiting(number: int, *, away: int = 0) -> Shop:
    """Orders of one mug each, the first the oldest; the first ones cannot have it from Reno."""
    shop = Shop()
    for n in range(number):
        made = bought(f"ord_{n:03}", 900 - n, ("MUG", 1))
        out = (LocationId("RENO"),) if n < away else ()
        shop.place(made.with_lines(replace(x, excluded=out) for x in made.lines))
    return shop


def served(shop: Shop) -> list[int]:
    names = sorted(name for name in shop.ledger.orders if name[4:].isdigit())
    return [int(name[4:]) for name in names if shop.units(name)]


def to_the_end(shop: Shop, *names: str) -> int:
    """Route these, and whatever lines are to be served then; how often it was asked."""
    asked, (outcome, more, _) = 0, serve(names, (), shop.ports)
    while more:
        asked += 1
        assert asked < 100 and outcome.failed == []
        outcome, more, _ = serve((), more, shop.ports)
    return asked


@pytest.mark.parametrize("stock", [0, 1, 2, 3, 4, 7, 10, 12])
def test_whoever_brings_it_up_the_line_is_served_in_its_order(stock: int) -> None:
    shop = waiting(10)
    shop.comes("MUG", "RENO", stock)
    to_the_end(shop, "ord_008", "ord_005")
    assert served(shop) == list(range(min(stock, 10)))


def test_who_comes_new_gets_nothing_before_the_line_has_been_served() -> None:
    shop = waiting(10)
    shop.comes("MUG", "RENO", 20)
    shop.place(bought("ord_new", 0, ("MUG", 1)))
    assert (served(shop), shop.units("ord_new", B.BACKORDERED)) == ([0, 1, 2], 1)
    (told,) = shop.ledger.decisions_of("ord_new")
    assert "others stand in line for it before" in told.why
    to_the_end(shop, "ord_new")
    assert served(shop) == list(range(10)) and shop.units("ord_new") == 1


def test_who_waits_already_and_is_not_next_is_left_as_it_is() -> None:
    shop = waiting(10)
    shop.comes("MUG", "RENO", 20)
    before = shop.ledger.orders["ord_009"]
    shop.route("ord_009")
    assert shop.ledger.orders["ord_009"] == before and served(shop) == [0, 1, 2]


def test_what_the_first_cannot_use_is_for_the_others() -> None:
    shop = waiting(10, away=3)
    shop.comes("MUG", "RENO", 2)
    shop.route("ord_008")
    assert served(shop) == [8]


def test_the_rest_of_an_order_goes_although_one_of_its_lines_waits() -> None:
    shop = waiting(10)
    shop.comes("MUG", "RENO", 20)
    shop.comes("CAP", "RENO", 1)
    shop.place(bought("ord_new", 0, ("MUG", 1), ("CAP", 1)))
    buckets = [dict(one.buckets) for one in shop.ledger.orders["ord_new"].lines]
    assert buckets == [{B.BACKORDERED: 1}, {B.ALLOCATED: 1}]


def test_a_line_is_not_served_on_when_nobody_got_anything() -> None:
    shop = waiting(10)
    assert serve((), ["MUG", "CAP"], shop.ports)[1] == []
    shop.comes("MUG", "RENO", 1)
    assert serve((), ["MUG"], shop.ports)[1] == ["MUG"]
    assert serve((), ["MUG"], shop.ports)[1] == []
    assert serve((), ["MUG"], replace(shop.ports, lines=None))[1] == []


def test_a_line_whose_head_is_busy_is_asked_for_again() -> None:
    shop = waiting(10)
    shop.comes("MUG", "RENO", 5)

    def busy(_: Commit) -> None:
        raise Busy("throttled")

    shop.ledger.before = busy
    outcome, more, unserved = serve((), ["MUG", "CAP"], shop.ports)
    assert (len(outcome.failed), more, unserved) == (FEW, [], {"MUG"})
    shop.ledger.before = lambda _: None
    assert serve((), ["MUG"], shop.ports)[1:] == (["MUG"], set())


def test_two_who_serve_one_line_serve_it_once() -> None:
    """The other one is done between our read and our write."""
    shop = waiting(10)
    shop.comes("MUG", "RENO", 5)

    def other(_: Commit) -> None:
        shop.ledger.before = lambda _: None
        to_the_end(shop, "ord_009")

    shop.ledger.before = other
    to_the_end(shop, "ord_009")
    assert served(shop) == [0, 1, 2, 3, 4]


@settings(max_examples=30, deadline=None)
@given(
    stock=st.integers(0, 14),
    batches=st.lists(st.lists(st.integers(0, 11), min_size=1, max_size=4), min_size=1, max_size=6),
)
def test_in_whatever_batches_they_come_nobody_is_overtaken(
    stock: int, batches: list[list[int]]
) -> None:
    shop = waiting(12)
    shop.comes("MUG", "RENO", stock)
    for batch in batches:
        serve([f"ord_{n:03}" for n in batch], (), shop.ports)
        found = served(shop)
        assert found == list(range(len(found)))
    to_the_end(shop, "ord_011")
    assert served(shop) == list(range(min(stock, 12)))


def test_on_the_day_of_the_release_the_line_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the sweep brings them: each at a moment of its own, and new buyers among them."""
    monkeypatch.setattr(lines, "MOST_AHEAD", 20)
    monkeypatch.setattr(serving, "MOST_AHEAD", 20)
    shop = Early()
    shop.ledger.products[GAME] = Product(GAME, releases_on=DAY)
    shop.ledger.stock("GAME", "RENO", 150)
    for n in range(300):
        made = order(f"ord_{n:03}", line("0", "GAME", 1), version=0)
        made = replace(made, placed_at=RELEASE - timedelta(days=2, minutes=300 - n))
        shop.ledger.commit(Commit(f"{made.order_id}:placed", RELEASE, "test", orders=(made,)))
        shop.route(made.order_id)
    due = sorted((one.due_at or RELEASE, name) for name, one in shop.ledger.orders.items())
    shop.now = RELEASE + timedelta(minutes=40)
    late = order("ord_new", line("0", "GAME", 1), version=0)
    late = replace(late, placed_at=RELEASE + timedelta(minutes=1))
    shop.ledger.commit(Commit("ord_new:placed", RELEASE, "test", orders=(late,)))
    more = list[Sku]()
    for start in range(0, 300, 50):
        names = [name for _, name in due[start : start + 50]]
        _, more, _ = serve(["ord_new", *names], more, shop.ports())
    while more:
        _, more, _ = serve((), more, shop.ports())
    got = [n for n in range(300) if shop.buckets(f"ord_{n:03}") == [{B.ALLOCATED: 1}]]
    assert got == list(range(150)) and shop.buckets("ord_new") == [{B.BACKORDERED: 1}]
