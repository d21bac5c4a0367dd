"""A supplier's answers as CSV rows: `purchase_order` and `answer`, and what the answer says.

`accept` takes `eta`; `ship` a parcel (`carrier`, `tracking_number`, `tracking_url`,
`weight_grams`); `reject` a `reason`, and `line_id` with `quantity` for a part. Rows of one answer
that follow each other are one: several parcels, several lines.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from dom.errors import InvalidInput
from dom.fulfillment.deeds import ActionRequest
from dom.model.clock import from_text
from dom.model.fulfillment import Parcel, RejectReason

ANSWERS = frozenset({"accept", "ship", "reject", "confirm-cancel", "refuse-cancel"})
MOST_ROWS = 10_000
LONGEST = 500
Row = Mapping[str, str]
NOTHING = ActionRequest()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, by the number of its first row (the header is row 1).

    `problem`: why it cannot be understood; then there is nothing to do.
    """

    row: int
    number: str
    action: str
    request: ActionRequest = NOTHING
    problem: str = ""


def answers_of(text: str) -> tuple[Answer, ...]:
    """The answers of a file, in their order. InvalidInput: it is no such file, or too long."""
    try:
        rows = list(_rows(text))
    except csv.Error as error:
        raise InvalidInput("file", str(error)) from None
    if len(rows) > MOST_ROWS:
        raise InvalidInput("file", f"more than {MOST_ROWS} rows")
    groups = groupby(rows, lambda one: (one[1]["purchase_order"], one[1]["answer"]))
    return tuple(_answer(number, action, list(same)) for (number, action), same in groups)


def _rows(text: str) -> Iterator[tuple[int, Row]]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), restval="")
    names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    reader.fieldnames = names
    if not {"purchase_order", "answer"} <= set(names):
        raise InvalidInput("file", "it has no columns purchase_order and answer")
    for number, row in enumerate(reader, start=2):
        cells = {k: v.strip() for k, v in row.items() if isinstance(k, str) and isinstance(v, str)}
        yield number, {**cells, "answer": cells["answer"].lower()}


def _answer(number: str, action: str, rows: list[tuple[int, Row]]) -> Answer:
    first = rows[0][0]
    try:
        return Answer(first, number, action, _request(action, [row for _, row in rows]))
    except InvalidInput as wrong:
        return Answer(first, number[:LONGEST], action[:LONGEST], problem=str(wrong))


def _request(action: str, rows: list[Row]) -> ActionRequest:
    if action not in ANSWERS:
        raise InvalidInput("answer", f"it is none of {', '.join(sorted(ANSWERS))}")
    if any(len(cell) > LONGEST for row in rows for cell in row.values()):
        raise InvalidInput("row", f"a cell has more than {LONGEST} characters")
    if action == "accept":
        return ActionRequest(eta=_eta(rows[0].get("eta", "")))
    if action == "ship":
        parcels = (_parcel(row) for row in rows)
        return ActionRequest(parcels=tuple(one for one in parcels if one != Parcel()))
    if action == "reject":
        return ActionRequest(reason=_reason(rows[0].get("reason", "")), lines=_units(rows))
    return NOTHING


def _eta(text: str) -> date | datetime | None:
    try:
        return (date.fromisoformat if len(text) == 10 else from_text)(text) if text else None
    except ValueError:
        raise InvalidInput("eta", "a day, or a time with its offset") from None


def _parcel(row: Row) -> Parcel:
    number, carrier, url = (
        row.get(name, "") for name in ("tracking_number", "carrier", "tracking_url")
    )
    return Parcel(number, carrier, url, _number("weight_grams", row.get("weight_grams") or "0"))


def _reason(text: str) -> RejectReason | None:
    try:
        return RejectReason(text.lower()) if text else None
    except ValueError:
        raise InvalidInput("reason", f"it is none of {', '.join(RejectReason)}") from None


def _units(rows: list[Row]) -> dict[str, int] | None:
    """Units by line id; None: all of it."""
    if not any(row.get("line_id") for row in rows):
        return None
    units: dict[str, int] = {}
    for row in rows:
        name = row.get("line_id", "")
        units[name] = units.get(name, 0) + _number("quantity", row.get("quantity", ""))
    return units


def _number(field: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise InvalidInput(field, "it is no whole number")
    return int(text)
