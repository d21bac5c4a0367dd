"""What is learnt of a product is stored beside what people describe of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from dom.errors import Busy
from dom.model.ids import LocationId, Sku
from dom.model.product import Product
from dom.network.expect import expect_demand, expect_rejects
from dom.network.ports import ProductStore

MUG, RENO = Sku("MUG"), LocationId("RENO")
Learn = Callable[[ProductStore], bool]


@dataclass
class Racing:
    """A store in which somebody else describes the product `others` times before we save."""

    others: int
    stored: Product | None = None
    saves: list[Product] = field(default_factory=list)

    def find(self, sku: str) -> Product | None:
        return self.stored

    def save(self, product: Product, previous: Product | None) -> bool:
        if self.others:
            self.others -= 1
            known = self.stored or Product(MUG)
            self.stored = replace(known, category="kitchen", version=known.version + 1)
        if self.stored != previous:
            return False
        self.stored = product
        self.saves.append(product)
        return True


LEARN: list[Learn] = [
    lambda store: expect_demand(MUG, 1.23456, store),
    lambda store: expect_rejects(MUG, {RENO: 12}, store),
]


@pytest.mark.parametrize("learn", LEARN, ids=["demand", "rejects"])
def test_what_somebody_described_meanwhile_is_kept(learn: Learn) -> None:
    store = Racing(2)
    assert learn(store)
    assert store.stored
    assert (store.stored.category, store.stored.version) == ("kitchen", 3)
    assert not learn(store)
    assert len(store.saves) == 1


@pytest.mark.parametrize("learn", LEARN, ids=["demand", "rejects"])
def test_one_that_never_stands_still_is_busy(learn: Learn) -> None:
    with pytest.raises(Busy):
        learn(Racing(99))


def test_three_digits_are_kept_so_that_hardly_anything_is_written() -> None:
    store = Racing(0)
    assert expect_demand(MUG, 1.23456, store)
    assert store.stored == Product(MUG, daily_demand=1.23, version=1)
    assert not expect_demand(MUG, 1.2349, store)


def test_nothing_to_say_makes_no_product() -> None:
    store = Racing(0)
    assert not expect_demand(MUG, 0.0, store)
    assert not expect_rejects(MUG, {}, store)
    assert store.stored is None
