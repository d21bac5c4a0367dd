"""Every language says everything, with the same blanks to fill in."""

from __future__ import annotations

import re
from datetime import date

import pytest
from dom.words.language import CODES, DEFAULT, Language, accepted, language_of

SATURDAY = date(2026, 3, 7)
ENGLISH = language_of(DEFAULT)


def blanks(text: str) -> set[str]:
    return set(re.findall(r"\$(\w+)", text))


def texts(language: Language) -> dict[str, str]:
    """All of them, by where they stand."""
    said = {f"words.{name}": text for name, text in language.words.items()}
    said |= {f"page.{name}": text for name, text in language.page.items()}
    for name, parts in language.messages.items():
        said |= {f"messages.{name}.{part}": text for part, text in parts.items()}
    return said


@pytest.mark.parametrize("code", sorted(CODES - {DEFAULT}))
def test_a_language_says_what_english_says_with_the_same_blanks(code: str) -> None:
    mine, theirs = texts(language_of(code)), texts(ENGLISH)
    assert set(mine) == set(theirs)
    assert {name: blanks(text) for name, text in mine.items()} == {
        name: blanks(text) for name, text in theirs.items()
    }
    calendar = language_of(code).calendar
    assert (len(calendar["weekdays"]), len(calendar["months"])) == (7, 12)


@pytest.mark.parametrize(
    ("code", "day", "short", "amount"),
    [
        ("en", "Saturday, March 7, 2026", "March 7, 2026", "12.30 EUR"),
        ("de", "Samstag, 7. März 2026", "7. März 2026", "12,30 EUR"),
        ("fr", "samedi 7 mars 2026", "7 mars 2026", "12,30 EUR"),
        ("es", "sábado, 7 de marzo de 2026", "7 de marzo de 2026", "12,30 EUR"),
    ],
)
def test_days_and_amounts_are_written_as_people_write_them(
    code: str, day: str, short: str, amount: str
) -> None:
    language = language_of(code)
    assert (language.day(SATURDAY), language.short_day(SATURDAY)) == (day, short)
    assert language.amount("12.30", "EUR") == amount


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        (("de-AT",), "de"),
        (("pt_BR", "fr"), "fr"),
        (("ES",), "es"),
        (("", "xx"), "en"),
        ((), "en"),
    ],
)
def test_the_first_language_that_we_write_is_taken(tags: tuple[str, ...], code: str) -> None:
    assert language_of(*tags).code == code


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", ["fr-CH", "fr", "en", "de", "*"]),
        ("en;q=0.1, de", ["de", "en"]),
        ("de;q=0, es", ["es"]),
        ("", []),
        (";;;,q=,de;q=much", ["q=", "de"]),
    ],
)
def test_what_a_browser_wants_is_read_in_its_order(header: str, tags: list[str]) -> None:
    assert accepted(header) == tags
