"""Where decisions get their rules from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from dom.model.rules import RuleSet


class RuleSource(Protocol):
    """The rule sets that are in force now. Ask once for what must agree: it may change between."""

    def active(self) -> RuleSet:
        """The rule set to decide with."""

    def shadow(self) -> RuleSet | None:
        """The one to decide with, too, only to record what it would have done."""


@dataclass(frozen=True, slots=True)
class Always:
    """One rule set, whatever was activated."""

    rules: RuleSet = field(default_factory=RuleSet)
    beside: RuleSet | None = None

    def active(self) -> RuleSet:
        """The one."""
        return self.rules

    def shadow(self) -> RuleSet | None:
        """The one beside it, if any."""
        return self.beside
