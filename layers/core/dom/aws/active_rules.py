"""The rule sets in force, kept in the function for seconds. A broken one never stops routing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from dom.aws.ruleset_store import RuleSetStore
from dom.model.rules import RuleSet
from dom.model.versions import BUILT_IN, InForce, Ref

# So old is what a function decides with, at most, after another version was activated.
TTL_SECONDS = 15.0


class NotReadable(Exception):
    """A version in force that is not there, or that this code cannot read."""


@dataclass(slots=True)
class ActiveRules:
    """`dom.model.rule_source.RuleSource` on the Network table.

    What cannot be read is told to `failed`, and the last good rule set stays. A function that has
    none yet takes the version that was active before, at last the built-in one. Only if the table
    does not answer at all, and nothing is known yet, is that error raised.
    """

    store: RuleSetStore
    failed: Callable[[Exception], None]
    monotonic: Callable[[], float] = time.monotonic
    _known: dict[Ref, RuleSet] = field(default_factory=dict)
    _active: RuleSet | None = None
    _shadow: RuleSet | None = None
    _read_at: float = float("-inf")

    def active(self) -> RuleSet:
        """The rule set to decide with, at most `TTL_SECONDS` behind."""
        self._refresh()
        return self._active or RuleSet()

    def shadow(self) -> RuleSet | None:
        """The one that is only recorded, at most as far behind."""
        self._refresh()
        return self._shadow

    def _refresh(self) -> None:
        if self.monotonic() - self._read_at < TTL_SECONDS:
            return
        try:
            now = self.store.in_force()
            self._active = self._first_good(now)
            self._shadow = self._read(now.shadow) if now.shadow else None
        except (BotoCoreError, ClientError) as error:
            if self._active is None:
                raise
            self.failed(error)
        self._read_at = self.monotonic()

    def _first_good(self, now: InForce) -> RuleSet:
        """The active one; else what was read last; else what was active before."""
        found = self._read(now.active) or self._active
        earlier = (self._read(ref) for ref in reversed(now.before))
        return found or next(filter(None, earlier), None) or RuleSet()

    def _read(self, ref: Ref) -> RuleSet | None:
        if ref not in self._known and ref != BUILT_IN:
            try:
                found = self.store.load(ref)
                if found is None:
                    raise NotReadable(f"rule set {ref.label} is not there")
            except (NotReadable, TypeError, ValueError, KeyError, AttributeError) as error:
                self.failed(error)
                return None
            self._known = {ref: found.rules, **dict(list(self._known.items())[:3])}
        return RuleSet() if ref == BUILT_IN else self._known[ref]
