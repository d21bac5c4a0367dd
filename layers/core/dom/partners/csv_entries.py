"""A partner's CSV file as entries: what left, what does not, and what was taken on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from dom.errors import InvalidInput
from dom.model import names
from dom.model.fulfillment import RejectReason
from dom.model.ids import LocationId, digest
from dom.model.partner import Partner
from dom.model.told import (
    AcceptanceTold,
    ParcelTold,
    RejectionTold,
    ShipmentTold,
    UnitsTold,
    WorkNamed,
)
from dom.partners.commands import Entry
from dom.partners.csv_table import CsvRow, Table

_WHOLE = re.compile(r"([0-9]{1,9})(?:\.0*)?", re.ASCII)
# HotWax's words, beside ours, which are the same in small letters.
_REASONS: Mapping[str, RejectReason] = {
    **{one.value: one for one in RejectReason},
    "damage": RejectReason.DAMAGED,
    "no_variance_log": RejectReason.NO_VARIANCE,
    "inactive_store": RejectReason.NO_VARIANCE,
    "rej_rsn_damaged": RejectReason.DAMAGED,
    "": RejectReason.NOT_IN_STOCK,
}
Rows = list[CsvRow]


def csv_entries(table: Table, partner: Partner) -> Iterator[Entry]:
    """The entries of a file, by what its columns say that it is.

    InvalidInput: nobody can tell what it is.
    """
    if "order" not in table.columns:
        raise InvalidInput("file", "it has no column of orders")
    read = _reader(table.columns)
    groups = _orders(table.rows) if read is _shipped else [[row] for row in table.rows]
    for rows in groups:
        yield _entry(rows, read, partner)


def _reader(columns: frozenset[str]) -> Callable[[Rows, Partner], Entry]:
    if "reason" in columns:
        return _refused
    if "quantity" in columns:
        return _shipped
    if "their_number" in columns:
        return _accepted
    raise InvalidInput("file", "its columns do not say whether it tells of what left or does not")


def _orders(rows: tuple[CsvRow, ...]) -> list[Rows]:
    """Rows of one order and location together, wherever they stand."""
    groups: dict[tuple[str, str, int], Rows] = {}
    for row in rows:
        alone = row.number if row.problem else 0
        groups.setdefault((row.get("order"), row.get("location"), alone), []).append(row)
    return list(groups.values())


def _entry(rows: Rows, read: Callable[[Rows, Partner], Entry], partner: Partner) -> Entry:
    first = rows[0]
    try:
        if first.problem:
            raise InvalidInput(f"row {first.number}", first.problem)
        return read(rows, partner)
    except InvalidInput as wrong:
        return Entry(first.number, _name(first), "", problem=str(wrong))


def _name(row: CsvRow) -> str:
    return f"row {row.number} of {row.get('order')[:60]}"


def _shipped(rows: Rows, partner: Partner) -> Entry:
    """Parcels of an order; what one of them holds of a line may stand in several rows."""
    held: dict[tuple[str, str], dict[tuple[str, str], tuple[int, CsvRow]]] = {}
    for row in rows:
        parcel = held.setdefault((row.get("tracking_number"), row.get("carrier")), {})
        item = (row.get("line"), "" if row.get("line") else names.sku(row.needed("sku")))
        before, _ = parcel.get(item, (0, row))
        parcel[item] = (before + _quantity(row), row)
    parcels = tuple(
        ParcelTold(number, carrier, tuple(_units(item, *told) for item, told in items.items()))
        for (number, carrier), items in held.items()
    )
    units = tuple(one for parcel in parcels for one in parcel.units)
    told = ShipmentTold(_work(rows[0], partner), units, parcels, whole=False)
    return Entry(rows[0].number, _name(rows[0]), _content(rows), (told,))


def _units(item: tuple[str, str], quantity: int, row: CsvRow) -> UnitsTold:
    line, sku = item
    where = f"quantity (row {row.number})"
    return UnitsTold(quantity, line, names.sku(sku) if sku else None, where)


def _quantity(row: CsvRow) -> int:
    whole = _WHOLE.fullmatch(row.needed("quantity"))
    if not whole or not int(whole[1]):
        raise row.wrong("quantity", "it is no whole number of units above nothing")
    return int(whole[1])


def _refused(rows: Rows, partner: Partner) -> Entry:
    (row,) = rows
    said = row.get("reason")
    reason = partner.reject_reasons.get(said) or _REASONS.get(said.lower())
    if reason is None:
        raise row.wrong("reason", f"{said[:60]} is no reason that we know")
    line, sku = row.get("line"), row.get("sku")
    if not line and not sku:
        raise row.wrong("line", "it is missing")
    named = UnitsTold(0, line, None if line else names.sku(sku), f"line (row {row.number})")
    told = RejectionTold(_work(row, partner), named, reason)
    return Entry(row.number, _name(row), _content(rows), (told,))


def _accepted(rows: Rows, partner: Partner) -> Entry:
    (row,) = rows
    told = AcceptanceTold(_work(row, partner))
    return Entry(row.number, _name(row), _content(rows), (told,))


def _work(row: CsvRow, partner: Partner) -> WorkNamed:
    named = row.get("location")
    if named and named not in partner.locations and named not in partner.places:
        raise row.wrong("location", f"the partner is not known to have {named[:60]}")
    place = partner.locations.get(named) or LocationId(named)
    return WorkNamed(row.needed("order"), frozenset({place}) if named else partner.places)


def _content(rows: Rows) -> str:
    return digest(*(f"{name}={cell}" for row in rows for name, cell in row.cells.items()))
