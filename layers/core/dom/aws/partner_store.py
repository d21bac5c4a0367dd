"""Partners in the Network table, and what became of their files in the Inventory table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.guards import put_unchanged
from dom.aws.named_items import NamedItems
from dom.aws.reads import get, newest
from dom.errors import NotFound
from dom.model.clock import Clock
from dom.model.partner import Partner
from dom.model.partner_file import FileRun

KEPT = timedelta(days=90)
PAGE = 50


class PartnerStore(NamedItems[Partner]):
    """`dom.partners.ports.Partners` on DynamoDB."""

    kind = Partner
    partition = keys.PARTNERS


@dataclass(frozen=True, slots=True)
class PartnerRuns:
    """`dom.partners.ports.Runs` on DynamoDB. Runs expire."""

    dynamodb: Any
    table: str
    clock: Clock

    def receive(self, run: FileRun) -> FileRun:
        """See the port."""
        return run if self._put(run, None) else self.load(run.partner, run.run_id)

    def load(self, partner: str, run_id: str) -> FileRun:
        """See the port."""
        item = get(self.dynamodb, self.table, keys.partner_run(partner, run_id))
        if item is None:
            raise NotFound("file", run_id)
        return from_plain(FileRun, item)

    def save(self, run: FileRun) -> bool:
        """See the port."""
        return self._put(replace(run, version=run.version + 1), run.version)

    def page(self, partner: str, after: str = "") -> tuple[list[FileRun], str]:
        """Some files of the partner, newest first, and the id to go on after ("": the end)."""
        start = keys.partner_run(partner, after)
        items, more = newest(self.dynamodb, self.table, start, PAGE, after=bool(after))
        runs = [from_plain(FileRun, item) for item in items]
        return runs, runs[-1].run_id if more else ""

    def _put(self, run: FileRun, seen: int | None) -> bool:
        end = int((self.clock() + KEPT).timestamp())
        key = keys.partner_run(run.partner, run.run_id)
        item = {**key, **to_plain(run), "forget_at": end}
        return put_unchanged(self.dynamodb, self.table, item, seen)
