"""A language: its texts, and how it writes days and amounts.

A new one is a file `<code>.toml` beside this one, with every text that en.toml has (a test holds
it). Days come from its own table: Python's locales need the machine's, which Lambda does not
have, and Babel 2.19 is 33 MB unpacked, for the names of twelve months.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

FOLDER = Path(__file__).parent
DEFAULT = "en"
CODES = frozenset(path.stem for path in FOLDER.glob("*.toml"))


@dataclass(frozen=True, slots=True)
class Language:
    """The texts of a language: `messages` by name and part, `words` for mails, `page` for pages."""

    code: str
    messages: Mapping[str, Mapping[str, str]]
    words: Mapping[str, str]
    page: Mapping[str, str]
    calendar: Mapping[str, Any]

    def say(self, text: str, **values: str) -> str:
        """A word or sentence with its values; KeyError names what is missing."""
        return Template(self.words[text]).substitute(values)

    def show(self, text: str, **values: str) -> str:
        """The same, of the texts of pages."""
        return Template(self.page[text]).substitute(values)

    def short_day(self, day: date) -> str:
        """Such as March 7, 2026."""
        return Template(self.calendar["date"]).substitute(self._parts(day))

    def day(self, day: date) -> str:
        """Such as Saturday, March 7, 2026."""
        return Template(self.calendar["day"]).substitute(self._parts(day))

    def near(self, day: date) -> str:
        """Such as Saturday, March 7: of a day that is not far."""
        return Template(self.calendar["near"]).substitute(self._parts(day))

    def moment(self, at: datetime) -> str:
        """Such as Saturday, March 7, 14:05 PST, in the zone that it is given in."""
        return f"{self.near(at.date())}, {at:%H:%M %Z}"

    def amount(self, plain: str, currency: str) -> str:
        """A decimal number (`12.30`) and its currency, such as 12,30 EUR."""
        return f"{plain.replace('.', self.calendar['decimal'])} {currency}"

    def _parts(self, day: date) -> dict[str, str]:
        return {
            "weekday": self.calendar["weekdays"][day.weekday()],
            "month": self.calendar["months"][day.month - 1],
            "day": str(day.day),
            "year": str(day.year),
        }


def language_of(*tags: str) -> Language:
    """That of the first tag (RFC 5646: `de`, `de-AT`, `pt_BR`) that we write; else English."""
    for tag in tags:
        code = tag.replace("_", "-").split("-")[0].lower()
        if code in CODES:
            return _read(code)
    return _read(DEFAULT)


def accepted(header: str) -> list[str]:
    """The tags of an Accept-Language header, the most wanted first (RFC 9110, 12.5.4)."""
    wanted = []
    for number, part in enumerate(header.split(",")):
        tag, _, weight = part.strip().partition(";")
        quality = weight.strip().removeprefix("q=")
        if tag and quality not in {"0", "0.0", "0.00", "0.000"}:
            wanted.append((-_number(quality), number, tag))
    return [tag for _, _, tag in sorted(wanted)]


def _number(quality: str) -> float:
    try:
        return float(quality) if quality else 1.0
    except ValueError:
        return 0.0


@cache
def _read(code: str) -> Language:
    said = tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
    return Language(code, said["messages"], said["words"], said["page"], said["calendar"])
