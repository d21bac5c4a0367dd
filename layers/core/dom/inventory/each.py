"""Each on its own: one that fails does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

Name = TypeVar("Name")
Part = TypeVar("Part")


def failing(
    parts: Mapping[Name, Part],
    work: Callable[[Name, Part], object],
    report: Callable[[Name, Exception], None],
) -> set[Name]:
    """Do the work on each; those that failed, whatever it was, after `report` was told of them."""
    failed = set()
    for name, part in parts.items():
        try:
            work(name, part)
        except Exception as error:  # only what belongs to this one comes again
            report(name, error)
            failed.add(name)
    return failed
