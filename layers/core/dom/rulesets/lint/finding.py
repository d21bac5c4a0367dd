"""What a check looks at, and how it says what it finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from dom.model.location import Location
from dom.model.overlay import Overlay, Rule
from dom.model.rules import RuleSet
from dom.model.versions import Finding, Severity


@dataclass(frozen=True)
class Matter:
    """A rule set, and the network and moment in which it is judged."""

    rules: RuleSet
    locations: tuple[Location, ...]
    now: datetime

    @cached_property
    def named(self) -> list[Named]:
        """Rules, then overlays, in the order in which they apply: what comes later wins."""
        return [*self._rules(), *sorted(self._overlays(), key=Named.turn)]

    def _rules(self) -> Iterator[Named]:
        for number, rule in enumerate(self.rules.rules):
            yield Named(f"rules.{number}", rule)

    def _overlays(self) -> Iterator[Named]:
        for number, overlay in enumerate(self.rules.overlays):
            yield Named(f"overlays.{number}", overlay.rule, overlay)


@dataclass(frozen=True, slots=True)
class Named:
    """A rule, of its own or of an overlay, with its place in the document."""

    path: str
    rule: Rule
    overlay: Overlay | None = None

    def turn(self) -> tuple[int, str]:
        """When an overlay applies among the others."""
        return (self.overlay.priority if self.overlay else 0), self.rule.name


def error(code: str, path: str, message: str) -> Finding:
    """A finding that stops an activation."""
    return Finding(Severity.ERROR, code, path, message)


def warning(code: str, path: str, message: str) -> Finding:
    """A finding to think about."""
    return Finding(Severity.WARNING, code, path, message)
