"""Graded units enter stock: those as good as new for sale, others in a stock of their own."""

from __future__ import annotations

from collections.abc import Iterable

from dom.model.commit import position_key
from dom.model.ids import LocationId, Sku
from dom.model.return_terms import HELD, Disposition
from dom.model.rma import Grade, Return, graded_sku
from dom.model.stock import Cause, StockChange
from dom.returns.ports import Returning


def restocked(record: Return, grades: Iterable[Grade], ports: Returning) -> tuple[StockChange, ...]:
    """One movement for each stock that grows; what is thrown away or missing never enters any."""
    units: dict[tuple[Sku, LocationId], tuple[int, bool]] = {}
    for grade in grades:
        held = grade.disposition in HELD
        if grade.sku is None or not (held or grade.disposition is Disposition.RESTOCK):
            continue
        sku = graded_sku(grade.sku, grade.disposition) if held else grade.sku
        quantity, _ = units.get((sku, grade.location_id), (0, held))
        units[sku, grade.location_id] = quantity + grade.quantity, held
    pairs: list[tuple[str, str]] = [(sku, where) for sku, where in units]
    there = {position_key(p.sku, p.location_id) for p in ports.stock.positions_of(pairs)}
    return tuple(
        StockChange(
            sku,
            where,
            Cause.RETURN,
            on_hand=quantity,
            unsellable=quantity if held else 0,
            creates=position_key(sku, where) not in there,
            references=({"return_id": record.id, "quantity": quantity},),
        )
        for (sku, where), (quantity, held) in units.items()
    )
