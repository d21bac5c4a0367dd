"""What the stage needs from outside, and what it keeps there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from dom.model.clock import Clock
from dom.model.history import HistoryEntry
from dom.model.location import Location
from dom.model.rules import RuleSet


@dataclass(frozen=True, slots=True)
class Ref:
    """A version of a rule set. It never changes, and its number is never given to another."""

    id: str
    number: int

    @property
    def label(self) -> str:
        """How decisions name it: `RuleSet.version`."""
        return f"{self.id}-{self.number}"


# What is in force until somebody activates something else; `default-2` is the first of one's own.
BUILT_IN = Ref("default", 1)
BUILT_IN_AT = datetime(2026, 1, 1, tzinfo=UTC)
BUILT_IN_BY = "built in"


@dataclass(frozen=True, slots=True)
class Version:
    """A version as written. `rules.version` is its label."""

    ref: Ref
    rules: RuleSet
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class VersionNote:
    """A version without its rules."""

    number: int
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class InForce:
    """The version that routing runs with, the one that is tried beside it, and how it came so.

    `before`: what was active earlier, the latest last. `version` guards every write.
    """

    active: Ref = BUILT_IN
    shadow: Ref | None = None
    before: tuple[Ref, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    version: int = 0


class Book(Protocol):
    """Versions, and which of them is in force. Reads are consistent.

    The built-in version is in no book: see `dom.rulesets.read`.
    """

    def latest(self, set_id: str) -> int:
        """The highest number written under that id; 0 if there is none."""

    def load(self, ref: Ref) -> Version | None:
        """The version, or None."""

    def versions(self, set_id: str) -> list[VersionNote]:
        """Every version under that id, newest first; never a part of them."""

    def add(self, version: Version) -> None:
        """Store it; CommitRefused if its number is taken, Rejected if it is too large."""

    def in_force(self) -> InForce:
        """What is in force; the built-in version if nothing ever was activated."""

    def save(self, in_force: InForce) -> None:
        """Store it as its next version; CommitRefused if it has changed since it was read."""


class Locations(Protocol):
    """The network."""

    def all(self) -> list[Location]:
        """Every location; never a part of them."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Ports of the stage."""

    book: Book
    locations: Locations
    clock: Clock


@dataclass(frozen=True, slots=True)
class Step:
    """A change of what is in force: by whom, why, and what the caller saw before (None: any).

    `expected_version` is `InForce.version`.
    """

    actor: str
    reason: str = ""
    expected_version: int | None = field(default=None, kw_only=True)
