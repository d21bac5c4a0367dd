"""Versions as they are read: the built-in one is version 1 of `default`."""

from __future__ import annotations

from dom.errors import NotFound
from dom.model.rules import RuleSet
from dom.model.versions import BUILT_IN, BUILT_IN_AT, BUILT_IN_BY, Ref, Version, VersionNote
from dom.rulesets.ports import Book


def latest_number(set_id: str, book: Book) -> int:
    """The highest number of that id, the built-in version included; 0 if there is none."""
    return max(book.latest(set_id), BUILT_IN.number if set_id == BUILT_IN.id else 0)


def version_of(set_id: str, number: int | None, book: Book) -> Version:
    """That version, the newest without a number; NotFound if there is none."""
    ref = Ref(set_id, latest_number(set_id, book) if number is None else number)
    if ref == BUILT_IN:
        return Version(ref, RuleSet(version=ref.label), BUILT_IN_AT, BUILT_IN_BY)
    found = book.load(ref)
    if found is None:
        raise NotFound("rule set", set_id if number is None else ref.label)
    return found


def versions_of(set_id: str, book: Book) -> list[VersionNote]:
    """Every version of that id, newest first."""
    built_in = VersionNote(BUILT_IN.number, BUILT_IN_AT, BUILT_IN_BY)
    return book.versions(set_id) + ([built_in] if set_id == BUILT_IN.id else [])
