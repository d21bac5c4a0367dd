"""What the stage needs from outside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from dom.model.clock import Clock
from dom.model.location import Location
from dom.model.versions import InForce, Ref, Version, VersionNote


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
