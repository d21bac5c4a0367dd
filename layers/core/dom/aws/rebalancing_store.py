"""Proposals and slow stock in the Inventory table, terms of rebalancing in the Network table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.guards import put_unchanged, put_unless_newer
from dom.aws.named_items import NamedItems
from dom.aws.reads import get, newest
from dom.model.rebalancing import Proposal, RebalancingTerms, Slow

# Proposals, decided or not, are looked at for so long.
KEPT = timedelta(days=60)
PAGE = 20
# There is one of them: whatever moves competes for the same stock.
TERMS = "default"


class TermsStore(NamedItems[RebalancingTerms]):
    """`dom.model.described.Described` of terms, on DynamoDB."""

    kind = RebalancingTerms
    partition = keys.REBALANCING


@dataclass(frozen=True, slots=True)
class SlowStock:
    """What was slow on a day, dearest first."""

    made_on: date
    rows: tuple[Slow, ...]


@dataclass(frozen=True, slots=True)
class ProposalStore:
    """`dom.planning.propose.Proposals` on DynamoDB."""

    dynamodb: Any
    table: str

    def load(self, name: str) -> Proposal | None:
        """See the port."""
        item = get(self.dynamodb, self.table, keys.proposal(name))
        return from_plain(Proposal, item) if item else None

    def save(self, proposal: Proposal) -> bool:
        """See the port."""
        return self._put(replace(proposal, version=proposal.version + 1), proposal.version)

    def add(self, made: Iterable[Proposal]) -> None:
        """Store those that are not there yet; what was decided already stands."""
        for proposal in made:
            self._put(replace(proposal, version=1), None)

    def _put(self, proposal: Proposal, seen: int | None) -> bool:
        ends = datetime.combine(proposal.made_on + KEPT, time(), UTC)
        item = {**keys.proposal(proposal.id), **to_plain(proposal)}
        item["forget_at"] = int(ends.timestamp())
        return put_unchanged(self.dynamodb, self.table, item, seen)

    def page(self, after: str = "") -> tuple[list[Proposal], str]:
        """Some of them, those of the newest day first, and the id to go on after ("": the end)."""
        start = keys.proposal(after)
        items, more = newest(self.dynamodb, self.table, start, PAGE, after=bool(after))
        found = [from_plain(Proposal, item) for item in items]
        return found, found[-1].id if more else ""

    def list_slow(self, made_on: date, slow: Sequence[Slow]) -> None:
        """Store the list in place of the one before, unless that is newer."""
        item = {**keys.slow_stock(), **to_plain(SlowStock(made_on, tuple(slow)))}
        put_unless_newer(self.dynamodb, self.table, item, "made_on")

    def slow(self) -> SlowStock | None:
        """The newest list, or None."""
        item = get(self.dynamodb, self.table, keys.slow_stock())
        return from_plain(SlowStock, item) if item else None
