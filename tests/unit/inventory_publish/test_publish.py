"""What channels show: lowered at once, raised when it stands still, never over a sale in flight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.outlets import SETTLE, Till


@pytest.fixture
def till() -> Till:
    return Till()


def shown(till: Till, sku: str = "MUG") -> int:
    return till.shelf.shown[f"i-{sku}"]


def test_what_is_shown_too_high_is_lowered_at_once(till: Till) -> None:
    till.stocks("MUG", 9, 2)
    assert till.publish("MUG").changed == ("MUG",)
    assert shown(till) == 2


def test_what_is_shown_too_low_is_raised_when_it_has_stood_still(till: Till) -> None:
    till.stocks("MUG", 2, 9)
    first = till.publish("MUG")
    assert (shown(till), first.again) == (2, {"MUG": SETTLE})
    till.passes(14)
    assert till.publish("MUG").again == {"MUG": timedelta(seconds=1)}
    till.passes(1)
    assert till.publish("MUG").changed == ("MUG",)
    assert shown(till) == 9


def test_a_sale_starts_the_wait_again(till: Till) -> None:
    till.stocks("MUG", 2, 9)
    till.publish("MUG")
    till.passes(10)
    till.shelf.shown["i-MUG"] -= 1
    assert till.publish("MUG").again == {"MUG": SETTLE}
    till.passes(10)
    assert till.publish("MUG").again == {"MUG": timedelta(seconds=5)}


def test_what_is_sold_between_look_and_change_is_not_overwritten(till: Till) -> None:
    till.stocks("MUG", 9, 4)
    till.shelf.sold.append("i-MUG")
    done = till.publish("MUG")
    assert (shown(till), done.changed, list(done.again)) == (8, (), ["MUG"])
    till.publish("MUG")
    assert shown(till) == 4


def test_near_zero_comes_first(till: Till) -> None:
    for sku, units in (("A", 50), ("B", 0), ("C", 3)):
        till.stocks(sku, 90, units)
    till.publish("A", "B", "C")
    assert till.shelf.order == ["i-B", "i-C", "i-A"]


def test_the_channel_is_searched_once_for_a_sku(till: Till) -> None:
    till.stocks("MUG", 9, 4)
    till.publish("MUG")
    till.sellable["MUG"] = 3
    till.publish("MUG")
    assert (till.shelf.searches, shown(till)) == (1, 3)


def test_an_item_that_is_gone_is_searched_anew(till: Till) -> None:
    till.stocks("MUG", 9, 4)
    till.publish("MUG")
    # The merchant made the product anew: the same SKU is another item now.
    till.shelf.gone.add("i-MUG")
    till.shelf.names["i-2"], till.shelf.shown["i-2"] = "MUG", 9
    till.sellable["MUG"] = 2
    till.publish("MUG")
    till.publish("MUG")
    assert till.shelf.shown["i-2"] == 2


def test_what_we_never_stocked_is_left_alone(till: Till) -> None:
    till.shelf.names["i-GIFT"], till.shelf.shown["i-GIFT"] = "GIFT", 7
    till.publish("GIFT")
    till.reconcile()
    assert till.shelf.shown == {"i-GIFT": 7}


def test_skus_that_cannot_be_shown_are_counted_and_stop_nobody(till: Till) -> None:
    till.stocks("MUG", 9, 4)
    till.stocks("TWICE", 9, 4)
    till.shelf.names["i-3"], till.shelf.shown["i-3"] = "TWICE", 9
    till.sellable |= {"UNLISTED": 3, "ELSEWHERE": 3}
    till.shelf.names["i-ELSEWHERE"] = "ELSEWHERE"
    till.publish("MUG", "TWICE", "UNLISTED", "ELSEWHERE")
    assert shown(till) == 4
    assert till.shelf.shown["i-3"] == shown(till, "TWICE") == 9
    counts = [till.counts[f"Listings{name}"] for name in ("Ambiguous", "Missing", "NotStocked")]
    assert counts == [1, 1, 1]


def test_everything_is_compared_page_by_page_and_differences_are_healed(till: Till) -> None:
    for n in range(5):
        till.stocks(f"S{n}", 9)
    till.sellable |= {"S1": 3, "S4": 0}
    first = till.reconcile()
    second = till.reconcile(first.next)
    last = till.reconcile(second.next)
    assert [page.differed for page in (first, second, last)] == [1, 0, 1]
    assert last.next == ""
    assert {item: till.shelf.shown[item] for item in ("i-S1", "i-S4")} == {"i-S1": 3, "i-S4": 0}
    assert till.counts["ListingsCompared"] == 5


class Market(Till):
    """A channel that sells what it shows, and a DOM that hears of it `lag` seconds later."""

    def __init__(self, stock: int, lag: int) -> None:
        super().__init__()
        self.stocks("MUG", stock)
        self.lag, self.on_hand, self.sold = lag, stock, 0
        self.heard_at: list[int] = []
        self.time = 0

    def buy(self) -> None:
        if shown(self) > 0:
            self.shelf.shown["i-MUG"] -= 1
            self._sell()

    def race(self) -> None:
        """Somebody buys between the look and the change, if there is one."""
        if shown(self) > 0:
            self.shelf.sold.append("i-MUG")
            self.publish("MUG")
            if not self.shelf.sold:
                self._sell()
            self.shelf.sold.clear()

    def restock(self, units: int) -> None:
        self.on_hand += units
        self.wait(0)

    def wait(self, seconds: int) -> None:
        self.time += seconds
        self.passes(seconds)
        heard = sum(at <= self.time for at in self.heard_at)
        self.sellable["MUG"] = max(0, self.on_hand - heard)

    def _sell(self) -> None:
        self.sold += 1
        self.heard_at.append(self.time + self.lag)


ACTS = st.one_of(
    st.just(Market.buy),
    st.just(Market.race),
    st.just(lambda market: market.publish("MUG")),
    st.integers(1, 20).map(lambda seconds: lambda market: market.wait(seconds)),
    st.integers(1, 4).map(lambda units: lambda market: market.restock(units)),
)


@settings(max_examples=400, deadline=None)
@given(stock=st.integers(0, 6), lag=st.integers(0, 14), acts=st.lists(ACTS, max_size=60))
def test_nothing_is_sold_twice_while_orders_reach_us_within_the_wait(
    stock: int, lag: int, acts: list[Callable[[Market], object]]
) -> None:
    market = Market(stock, lag)
    for act in acts:
        act(market)
        assert market.sold + shown(market) <= market.on_hand
    # When all is quiet, what may be sold is what is shown.
    for _ in range(3):
        market.wait(20)
        market.publish("MUG")
    assert shown(market) == market.on_hand - market.sold
