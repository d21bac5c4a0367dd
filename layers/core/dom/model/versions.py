"""Versions of the rule set, which of them is in force, and what the linter says of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from dom.model.history import HistoryEntry
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


class Severity(StrEnum):
    """Errors stop an activation, warnings do not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """`path`: where in the document (`rules.0.where.groups`). `message`: in words."""

    severity: Severity
    code: str
    path: str
    message: str

    def record(self) -> dict[str, str]:
        """Plain data."""
        return {
            "severity": self.severity.value,
            "code": self.code,
            "path": self.path,
            "message": self.message,
        }
