"""A cart's kits as their components, what cannot be had of it left out, and kits told as kits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from dom.errors import InvalidInput
from dom.model.cart import Cart, CartLine, OfKit, Units
from dom.model.ids import Sku
from dom.model.kit import Stock, few, makeable, portions
from dom.model.money import split_amount
from dom.model.product import Product
from dom.sourcing.plan import Assignment

Lines = Iterator[tuple[str, CartLine, str]]
_NUMBER = 5
MOST_LINES = 1_000


def taken_apart(cart: Cart, products: Mapping[Sku, Product]) -> Cart:
    """The cart with a line for each component in the place of a kit's. InvalidInput: of too many
    to be decided at once.
    """
    lines = [part for n, line in enumerate(cart.lines) for part in _parts(n, line, products)]
    if len(lines) > max(MOST_LINES, len(cart.lines)):
        raise InvalidInput("lines", "with the components of its kits the cart is too large")
    return replace(cart, lines=tuple(lines))


def _parts(number: int, line: CartLine, products: Mapping[Sku, Product]) -> Iterator[CartLine]:
    kit = products.get(line.sku)
    if kit is None or not kit.is_kit:
        yield line
        return
    units = [one.quantity for one in kit.components]
    values = split_amount(line.value_minor, units)
    for one, value in zip(kit.components, values, strict=True):
        known = products.get(one.sku)
        grams = 0 if known and known.grams else line.grams // sum(units)
        of = OfKit(kit.sku, number, one.quantity)
        quantity = line.quantity * one.quantity
        yield CartLine(one.sku, quantity, grams, value // one.quantity, of)


def left_of(cart: Cart, units: Mapping[Sku, int], most: Mapping[Sku, int]) -> Cart:
    """The cart without so many units of SKUs, and with so many of a kit at `most`; what is left of
    kits is whole.
    """
    shorter = cart.without(units)
    room, made = dict(most), shorter.kits()
    for of, kits in made.items():
        if of.sku in room:
            made[of] = min(kits, max(0, room[of.sku]))
            room[of.sku] -= made[of]
    # A kit of which one component is all gone is gone.
    there = Counter(one.of._replace(units=0) for one in cart.lines if one.of)
    left = Counter(one.of._replace(units=0) for one in shorter.lines if one.of)
    lines = []
    for line in shorter.lines:
        if line.of is not None:
            name = line.of._replace(units=0)
            whole = made[name] if left[name] == there[name] else 0
            line = replace(line, quantity=whole * line.of.units)
        lines.append(line)
    return replace(shorter, lines=tuple(line for line in lines if line.quantity))


def demand_lines(cart: Cart, stock: Stock) -> Lines:
    """Names of what is to be found, with its line, and what leaves together: kits in portions, each
    from one location.
    """
    parts: dict[int, list[CartLine]] = {}
    for line in cart.lines:
        if line.of:
            parts.setdefault(line.of.line, []).append(line)
    single = few(sum(len(lines) for lines in parts.values() if _kits(lines[0]) > 1))
    cuts = {number: _cut(lines, single, stock) for number, lines in parts.items()}
    for number, line in enumerate(cart.lines):
        name = f"{number:0{_NUMBER}}"
        if line.of is None:
            yield name, line, ""
            continue
        for n, size in enumerate(cuts[line.of.line]):
            part = replace(line, quantity=size * line.of.units)
            yield f"{name}#{n:03}", part, f"kit {line.of.line}#{n}"


def _cut(lines: Sequence[CartLine], single: int, stock: Stock) -> list[int]:
    kits, needed = _kits(lines[0]), [(stock.get(x.sku, {}), x.of.units) for x in lines if x.of]
    return portions(kits, single, makeable(needed).values() if kits > single else None)


def _kits(line: CartLine) -> int:
    return line.quantity // line.of.units if line.of else 0


def as_asked(parts: Iterable[Assignment], cart: Cart) -> Units:
    """Units by SKU that a plan covers, as they were asked for."""
    found: Counter[int] = Counter()
    for part in parts:
        for name, _, units in part.lines:
            found[int(name[:_NUMBER])] += units
    covered = tuple(replace(line, quantity=found[n]) for n, line in enumerate(cart.lines))
    asked = replace(cart, lines=covered).asked()
    return tuple((sku, units) for sku, units in asked.items() if units)
