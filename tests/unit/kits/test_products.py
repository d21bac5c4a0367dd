"""Which kits can be, and who knows of them."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

import pytest
from dom.errors import InvalidInput
from dom.model.control import Control, ControlKind
from dom.model.ids import Sku
from dom.model.product import MOST_KITS, Component, Product
from dom.network.expect import expect_demand
from dom.network.kits import check_control
from dom.network.put_product import put_product
from support.builders import NOW
from support.kits import Products, kit

POT, CUP, SET = Sku("POT"), Sku("CUP"), Sku("SET")


def store() -> Products:
    return Products({})


def test_components_know_the_kits_that_they_are_in() -> None:
    made = store()
    put_product(kit("SET", POT=1, CUP=4), made)
    put_product(kit("PACK", CUP=6), made)
    assert made.known[CUP].part_of == ("PACK", "SET")
    put_product(kit("SET", POT=1), made)
    assert (made.known[CUP].part_of, made.known[POT].part_of) == (("PACK",), ("SET",))
    put_product(Product(SET), made)
    assert (made.known[POT].part_of, made.known[SET].is_kit) == ((), False)


def test_what_is_said_of_a_component_leaves_its_kits_alone() -> None:
    made = store()
    put_product(kit("SET", POT=1), made)
    put_product(Product(POT, grams=900), made)
    expect_demand(POT, 2.5, made)
    found = made.known[POT]
    assert (found.grams, found.daily_demand, found.part_of) == (900, 2.5, ("SET",))


def test_a_kit_described_again_writes_nothing() -> None:
    made = store()
    first = put_product(kit("SET", POT=1), made)
    assert put_product(kit("SET", POT=1), made) == first
    assert made.known[POT].version == 1


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (kit("SET", SET=1), "not made of itself"),
        (kit("SET", PACK=1), "it is a kit"),
        (kit("CUP", POT=1), "component of PACK"),
        (replace(kit("SET", POT=1), releases_on=NOW.date()), "say it of them"),
        (replace(kit("SET", POT=1), preorder_limit=3), "say it of them"),
        (kit("SET", POT=1, FULL=1), f"{MOST_KITS} kits"),
    ],
)
def test_kits_that_cannot_be(wrong: Product, why: str) -> None:
    made = store()
    put_product(kit("PACK", CUP=6), made)
    many = tuple(Sku(f"K{n}") for n in range(MOST_KITS))
    made.known[Sku("FULL")] = Product(Sku("FULL"), part_of=many, version=1)
    before = dict(made.known)
    with pytest.raises(InvalidInput, match=why):
        put_product(wrong, made)
    assert made.known == before


@pytest.mark.parametrize("kind", list(ControlKind))
def test_what_controls_count_of_a_kit_is_counted_of_its_components(kind: ControlKind) -> None:
    made = store()
    put_product(kit("SET", POT=1), made)
    counted = kind in (ControlKind.RING_FENCE, ControlKind.BACKORDER)
    with pytest.raises(InvalidInput, match="SET is a kit") if counted else nullcontext():
        check_control(Control("c", kind, 1, frozenset({SET})), made.known)
    check_control(Control("c", kind, 1, frozenset({POT})), made.known)


def test_a_component_that_becomes_a_kit_meanwhile_is_seen() -> None:
    made = store()
    pot = Product(POT, components=(Component(CUP, 1),), version=1)
    made.meanwhile.append(pot)
    with pytest.raises(InvalidInput, match="it is a kit"):
        put_product(kit("SET", POT=1), made)
