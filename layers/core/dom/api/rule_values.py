"""What values of a rule set's document may be, by their type or by their field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from dom.api.locations import known_timezone
from dom.model.overlay import AT_LOCATION, Change, Overlay
from dom.model.rate_card import RateCard
from dom.model.rules import Fences, Merging, Weights
from dom.model.scope import When, Where

MOST_AMOUNT = 10**12
MOST_ITEMS = 5_000
# Ninety days: goods on backorder come in by then, or their order has been cancelled.
MOST_MINUTES = 90 * 24 * 60


def _text(pattern: str, parse: Callable[[str], object], example: str) -> Any:
    """Text of that form which `parse` takes, too."""

    def check(text: str) -> str:
        try:
            parse(text if re.fullmatch(pattern, text, re.ASCII) else "")
        except ValueError:
            raise ValueError(f"it must be like {example}") from None
        return text

    schema: dict[str, Any] = {"pattern": f"^{pattern}$", "example": example}
    return Annotated[str, Field(max_length=40, json_schema_extra=schema), AfterValidator(check)]


def _zone(name: str) -> str:
    return name if name == AT_LOCATION else known_timezone(name)


_TIME, _DATE = r"\d\d:\d\d(:\d\d)?", r"\d{4}-\d\d-\d\d"
Amount = Annotated[int, Field(ge=0, le=MOST_AMOUNT)]
Signed = Annotated[int, Field(ge=-MOST_AMOUNT, le=MOST_AMOUNT)]
Percent = Annotated[int, Field(ge=0, le=1_000)]
Minutes = Annotated[int, Field(ge=0, le=MOST_MINUTES)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Countries = Annotated[list[Country], Field(max_length=300)]
LEAVES: Mapping[Any, Any] = {
    int: Amount,
    bool: bool,
    str: Name,
    time: _text(_TIME, time.fromisoformat, "14:00"),
    date: _text(_DATE, date.fromisoformat, "2026-12-25"),
    datetime: _text(f"{_DATE}[T ]{_TIME}", datetime.fromisoformat, "2026-11-27T00:00"),
}
# So many that a card can be judged pair by pair (dom.rulesets.lint).
Ladder = Annotated[list[Amount], Field(min_length=1, max_length=200)]
Row = Annotated[list[Amount], Field(min_length=1, max_length=50)]
# Fields that allow less, or more, than their type says.
SPECIAL: Mapping[tuple[type, str], Any] = {
    (Weights, "last_unit"): Percent,
    (Weights, "markdown"): Percent,
    (Merging, "merge_wait"): Minutes,
    (Merging, "consolidate_wait"): Minutes,
    (Fences, "ships_to"): dict[Country, Countries],
    (RateCard, "edges_km"): Annotated[list[Amount], Field(max_length=49)],
    (RateCard, "breaks_grams"): Ladder,
    (RateCard, "prices"): Annotated[list[Row], Field(min_length=1, max_length=200)],
    (Change, "parcel"): Signed,
    (Change, "unit"): Signed,
    (When, "countries"): Countries,
    (Where, "countries"): Countries,
    (Overlay, "priority"): Signed,
    (Overlay, "timezone"): Annotated[str, Field(max_length=64), AfterValidator(_zone)],
}
