"""Prices that differ by location and SKU, as groups: only what binds is priced apart.

Locations for which every line has the same price stay one group, so that the search looks at the
nearest of them only and remains exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from dom.model.product import Product
from dom.sourcing.objectives import last_unit, markdown
from dom.sourcing.pricing import Goods, Group

if TYPE_CHECKING:
    from dom.sourcing.scene import Scene


class Mark(NamedTuple):
    """A price of a line's goods (`field` of `Goods`) at some locations."""

    members: int
    line: int
    field: str
    value: int


def priced_apart(groups: tuple[Group, ...], scene: Scene) -> tuple[Group, ...]:
    """The groups, divided where slots or goods have prices of their own."""
    weights = scene.rules.weights
    if weights.capacity:
        for place, pressure in scene.book.pressed(scene.supply).items():
            groups = tuple(_pressed(groups, 1 << place, pressure))
    if weights.reject or weights.last_unit or weights.markdown:
        for mark in _marks(scene):
            groups = tuple(_marked(groups, mark, len(scene.lines)))
    return groups


def _pressed(groups: tuple[Group, ...], place: int, pressure: tuple[int, int]) -> Iterator[Group]:
    for group in groups:
        if group.members & place:
            yield group._replace(members=place, local=group.local._replace(pressure=pressure))
            group = group._replace(members=group.members & ~place)
        if group.members:
            yield group


def _marked(groups: tuple[Group, ...], mark: Mark, lines: int) -> Iterator[Group]:
    for group in groups:
        inside, outside = group.members & mark.members, group.members & ~mark.members
        if inside:
            goods = list(group.local.goods or (Goods(),) * lines)
            goods[mark.line] = goods[mark.line]._replace(**{mark.field: mark.value})
            yield group._replace(members=inside, local=group.local._replace(goods=tuple(goods)))
        if outside:
            yield group._replace(members=outside)


def _marks(scene: Scene) -> Iterator[Mark]:
    for number, line in enumerate(scene.lines):
        product, able = scene.supply.products.get(line.sku), scene.able(number, 1)
        if product is None or not able:
            continue
        for field, by_value in (
            ("keep", _keeping(scene, number, product)),
            ("credit", _credits(scene, product)),
            ("reject", _rejects(scene, product)),
        ):
            for value, members in by_value.items():
                if value and members & able:
                    yield Mark(members & able, number, field, value)


def _keeping(scene: Scene, number: int, product: Product) -> dict[int, int]:
    """Locations by what a unit is worth there to later orders: less, the more there are."""
    found: dict[int, int] = {}
    if not scene.rules.weights.last_unit or not product.daily_demand:
        return found
    line, units = scene.lines[number], 1
    least = _holders(scene, product)
    each = product.daily_demand / least.bit_count()
    while least:
        more = scene.supply.at_least(scene.network, line.sku, units + 1)
        value = last_unit.unit_price(scene.rules, line.grams, line.volume_cm3, each, units)
        if not value:
            break
        found[value] = found.get(value, 0) | least & ~more
        least, units = more, units + 1
    return found


def _credits(scene: Scene, product: Product) -> dict[int, int]:
    """Locations with more of it than they sell in the weeks that are allowed."""
    value = markdown.unit_credit(scene.rules, product)
    if not value:
        return {}
    each = product.daily_demand / max(1, _holders(scene, product).bit_count())
    enough = markdown.slow_above(scene.rules, each)
    return {value: scene.supply.at_least(scene.network, product.sku, enough + 1)}


def _rejects(scene: Scene, product: Product) -> dict[int, int]:
    if not scene.rules.weights.reject:
        return {}
    found: dict[int, int] = {}
    for key, percent in product.rejects.items():
        found[percent] = found.get(percent, 0) | scene.network.bits([key])
    return found


def _holders(scene: Scene, product: Product) -> int:
    """Locations that have it: they are taken to share its demand evenly."""
    return scene.supply.at_least(scene.network, product.sku, 1)
