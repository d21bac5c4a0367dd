"""Messages to warehouses as X12 940, warehouse shipping order: new (N), changed (R), cancelled (F).

A change says all that is left to ship, and no address: that of the order stays. A set that is sent
again is the same file under the same control number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dom.carriers.port import Party
from dom.model.depositor import depositor_number
from dom.model.ids import LocationId, Sku
from dom.model.partner import Partner
from dom.model.supplier import Supplier
from dom.suppliers.port import MessageLine, Outside, SupplierMessage

Segment = tuple[str, ...]
# What X12 has room for: numbers of orders, names, lines of an address, towns, postal codes.
_NUMBER, _NAME, _LINE, _TOWN, _POSTAL, _TEXT = 22, 60, 55, 30, 15, 45
# Which qualifier a printed number has, by how long it is.
_PRINTED = {12: "UP", 13: "EN", 14: "UK"}


@dataclass(frozen=True, slots=True)
class X12:
    """See `SupplierPort`; `address` names the partner whose interchanges it gets."""

    supplier: Supplier
    outside: Outside

    def send(self, message: SupplierMessage) -> None:
        """See the port."""
        partner = self.outside.partner(self.supplier.address)
        self.outside.exchange(partner.id, "940", message.id, shipping_order(message, partner))


def shipping_order(message: SupplierMessage, partner: Partner) -> list[Segment]:
    """The segments of a 940 between ST and SE."""
    kind, lines = _kind(message)
    units = sum(line.quantity for line in lines)
    return [
        ("W05", kind, depositor_number(message.number), message.customer_order[:_NUMBER]),
        *(_ship_to(message.ship_to) if message.ship_to else ()),
        ("N1", "WH", message.location_id[:_NAME], "92", _place(message.location_id, partner)),
        ("N9", "CO", message.customer_order[:30]),
        *_days(message),
        ("W66", "PP", "M", "", "", message.method.upper()[:35]),
        *(one for number, line in enumerate(lines, 1) for one in _line(number, line, partner)),
        ("W76", str(units)),
    ]


def _kind(message: SupplierMessage) -> tuple[str, tuple[MessageLine, ...]]:
    if message.kind == "order":
        return "N", message.lines
    return ("R", message.left) if message.left else ("F", ())


def _ship_to(to: Party) -> Iterator[Segment]:
    yield "N1", "ST", (to.name or to.company)[:_NAME]
    if to.name and to.company:
        yield "N2", to.company[:_NAME]
    first, rest = to.street1[:_LINE], to.street1[_LINE:]
    yield "N3", first, " ".join(filter(None, (rest, to.street2)))[:_LINE]
    yield "N4", to.city[:_TOWN], to.province[:2], to.postal_code[:_POSTAL], to.country[:3]
    if to.phone:
        yield "PER", "DC", to.name[:_NAME], "TE", to.phone[:80]


def _place(location_id: str, partner: Partner) -> str:
    """Its own name of the location."""
    wanted = LocationId(location_id)
    return next((told for told, ours in partner.locations.items() if ours == wanted), location_id)


def _days(message: SupplierMessage) -> Iterator[Segment]:
    """When it is asked to ship, and by when it is to be delivered."""
    yield "G62", "10", _day(message.at)
    if message.deliver_by:
        yield "G62", "02", _day(message.deliver_by)


def _day(moment: datetime) -> str:
    return f"{moment:%Y%m%d}"


def _line(number: int, line: MessageLine, partner: Partner) -> Iterator[Segment]:
    """An item by our SKU, and by the partner's own name where it has one."""
    theirs = next((told for told, ours in partner.skus.items() if ours == Sku(line.sku)), "")
    other = (_PRINTED.get(len(theirs) if theirs.isdecimal() else 0, "VN"), theirs) if theirs else ()
    yield "LX", str(number)
    yield "W01", str(line.quantity), "EA", "", partner.qualifiers[0], line.sku, *other
    yield "G69", line.title[:_TEXT]
    yield "N9", "LI", line.line_id[:30]
