"""What channels tell of kits, taken apart into their components before it is merged.

The recipe of a line is that of the moment in which its order first told of it; from then on it is
the order's own (`Order.kits`), whatever becomes of the product.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dom.errors import InvalidInput
from dom.intake.kit_money import priced
from dom.intake.ports import Recipes
from dom.intake.source import Source, Told, dump, load
from dom.model.as_sold import kit_quantity
from dom.model.facts import MAX_LINES, Delta, Facts, LineFacts, OrderSnapshot, SourceFulfillment
from dom.model.ids import Sku
from dom.model.kit import PART, Kit, KitPart, Units, in_parts
from dom.model.order import UNASSIGNED, Bucket, Order, OrderLine
from dom.model.product import Product

# Units of which nobody has taken notice yet.
_UNTOUCHED = frozenset({*UNASSIGNED, Bucket.CANCELLED})


def taken_apart(facts: Facts, order: Order | None, recipes: Recipes) -> tuple[Facts, Order | None]:
    """The facts by lines of components, and the order as if it had always been told so.

    InvalidInput: there are too many components.
    """
    known = {kit.line_id: kit for kit in order.kits} if order else {}
    told = facts.snapshot
    if told is None and not known:
        return facts, order
    lines = {line.line_id: line for line in order.lines} if order else {}
    made = _made(told.lines, known, lines, recipes) if told else {}
    kits = {**known, **made}
    if not kits:
        return facts, order
    if order and made:
        order = _converted(order, made)
    parted = replace(
        facts,
        snapshot=_snapshot(told, kits, order) if told else None,
        refunds=tuple(_delta(one, kits) for one in facts.refunds),
        edits=tuple(_delta(one, kits) for one in facts.edits),
    )
    return parted, order


def _made(
    told: Iterable[LineFacts],
    known: Mapping[str, Kit],
    lines: Mapping[str, OrderLine],
    recipes: Recipes,
) -> dict[str, Kit]:
    """Kits among the lines that are new, or that had another SKU or none."""
    new = [
        line
        for line in told
        if line.sku and line.line_id not in known
        if line.line_id not in lines or lines[line.line_id].sku != line.sku
    ]
    skus = {line.sku for line in new if line.sku}
    products = recipes.find_all(skus) if skus else {}
    kits = {sku: product for sku, product in products.items() if product.is_kit}
    # A line of which a location has, or had, units stays what it was bought as.
    found = [
        (line, kits[line.sku])
        for line in new
        if line.sku in kits
        if line.line_id not in lines or _UNTOUCHED.issuperset(lines[line.line_id].buckets)
    ]
    if not found:
        return {}
    parts = recipes.find_all({one.sku for _, kit in found for one in kit.components})
    return {line.line_id: _kit(line, kit, parts) for line, kit in found}


def _kit(line: LineFacts, product: Product, known: Mapping[Sku, Product]) -> Kit:
    """By what its components are worth in the books, where that is known of each."""
    facts = [known.get(one.sku, Product(one.sku)) for one in product.components]
    costs = [x.cost * one.quantity for x, one in zip(facts, product.components, strict=True)]
    units = [one.quantity for one in product.components]
    each = line.grams // sum(units)
    parts = tuple(
        KitPart(
            f"{line.line_id}{PART}{n}",
            one.sku,
            one.quantity,
            weight,
            0 if fact.grams else each,
        )
        for n, (one, fact, weight) in enumerate(
            zip(product.components, facts, costs if all(costs) else units, strict=True), 1
        )
    )
    return Kit(line.line_id, product.sku, parts, line.unit_price)


def _snapshot(told: OrderSnapshot, kits: Mapping[str, Kit], order: Order | None) -> OrderSnapshot:
    shown: list[Kit] = []
    lines: list[LineFacts] = []
    for line in told.lines:
        kit = kits.get(line.line_id)
        if kit is None:
            lines.append(line)
            continue
        kit = _as_told(kit, line)
        ordered = kit_quantity(kit, order) if order else 0
        shown.append(kit)
        lines += priced(kit, line, max(1, line.quantity, ordered))
    if len({line.line_id for line in lines}) < len(lines):
        raise InvalidInput("lines", "a line has the id of a component of a kit")
    # Beside the line, the recipe of a part is in the order's item, too.
    parts = sum(len(kit.parts) for kit in shown)
    if len(lines) + parts // 2 > MAX_LINES:
        raise InvalidInput("lines", "with the components of its kits the order is too large")
    handed = tuple(
        SourceFulfillment(one.id, one.status, in_parts(one.lines, kits.values()))
        for one in told.fulfillments
    )
    return replace(told, lines=tuple(lines), fulfillments=handed, kits=tuple(shown))


def _as_told(kit: Kit, line: LineFacts) -> Kit:
    return replace(
        kit,
        unit_price=line.unit_price,
        title=line.title,
        ship_group_id=line.ship_group_id,
        discount=line.discount,
        tax=line.tax,
    )


def _delta(delta: Delta, kits: Mapping[str, Kit]) -> Delta:
    return replace(
        delta,
        removed=in_parts(delta.removed, kits.values()),
        returned=in_parts(delta.returned, kits.values()),
        added=in_parts(delta.added, kits.values()),
    )


def _converted(order: Order, made: Mapping[str, Kit]) -> Order:
    """The order, of which these lines were not known to be kits, without them: merging makes their
    components anew from all that was told of them.
    """
    lines = tuple(line for line in order.lines if line.line_id not in made)
    source = _source(load(order.source), made)
    withdraw = {line: n for line, n in order.withdraw.items() if line not in made}
    return replace(order, lines=lines, withdraw=withdraw, source=dump(source))


def _source(source: Source, made: Mapping[str, Kit]) -> Source:
    def parts(units: Units) -> dict[str, int]:
        return in_parts(units, made.values())

    def told(one: Told) -> Told:
        return replace(
            one,
            removed=parts(one.removed),
            returned=parts(one.returned),
            added=parts(one.added),
        )

    return replace(
        source,
        quantity=parts(source.quantity),
        removed=parts(source.removed),
        wanted=parts(source.wanted),
        handovers={name: (rank, parts(x)) for name, (rank, x) in source.handovers.items()},
        refunds={name: told(one) for name, one in source.refunds.items()},
        edits={name: told(one) for name, one in source.edits.items()},
        own={line: units for line, units in source.own.items() if line not in made},
        asked={line: units for line, units in source.asked.items() if line not in made},
    )
