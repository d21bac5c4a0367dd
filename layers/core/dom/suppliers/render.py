"""A message to a supplier as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import asdict
from datetime import datetime

from dom.carriers.port import Party
from dom.model.clock import to_text
from dom.suppliers.port import SupplierMessage

_PARTY = (
    "name", "company", "street1", "street2", "city", "province", "postal_code", "country", "phone",
)  # fmt: skip
COLUMNS = (
    "message_id", "type", "purchase_order", "at", "line_id", "sku", "title", "quantity",
    "unit_cost", "method", "deliver_by", "acknowledge_by", "customer_order", *_PARTY,
)  # fmt: skip
# What spreadsheets take for a formula: customers write names and addresses.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_PHONE = re.compile(r"[+-]?[0-9 ()./-]*")


def as_json(message: SupplierMessage) -> dict[str, object]:
    """The message; times in UTC, `unit_cost` null where nobody knows it."""
    return {
        "message_id": message.id,
        "type": message.kind,
        "purchase_order": message.number,
        "location_id": message.location_id,
        "at": to_text(message.at),
        "customer_order": message.customer_order,
        "lines": [{**asdict(line), "unit_cost": line.unit_cost or None} for line in message.lines],
        "whole": message.whole,
        "method": message.method,
        "deliver_by": _moment(message.deliver_by) or None,
        "acknowledge_by": _moment(message.acknowledge_by) or None,
        "ship_to": _party(message.ship_to) if message.ship_to else None,
    }


def as_csv(message: SupplierMessage) -> str:
    """One row for each line, all that is said of the whole on each of them."""
    told = {
        "message_id": message.id,
        "type": message.kind,
        "purchase_order": message.number,
        "at": to_text(message.at),
        "method": message.method,
        "deliver_by": _moment(message.deliver_by),
        "acknowledge_by": _moment(message.acknowledge_by),
        "customer_order": message.customer_order,
        **(_party(message.ship_to) if message.ship_to else {}),
    }
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    for line in message.lines:
        row = {**told, **asdict(line), "unit_cost": line.unit_cost or ""}
        writer.writerow({name: _cell(str(value)) for name, value in row.items()})
    return text.getvalue()


def _party(to: Party) -> dict[str, str]:
    """What it takes to ship: no mail address."""
    return {name: getattr(to, name) for name in _PARTY}


def _moment(moment: datetime | None) -> str:
    return to_text(moment) if moment else ""


def _cell(text: str) -> str:
    """As text, whatever opens it."""
    harmless = not _FORMULA.match(text) or _PHONE.fullmatch(text)
    return text if harmless else f"'{text}"
