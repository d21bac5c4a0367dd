"""Stock that a partner tells goes the way of any feed: a file below `in/<source>/`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dom.aws.dropped_files import store
from dom.aws.feed_store import FeedSources
from dom.errors import NotFound, Rejected
from dom.model.clock import to_text
from dom.model.feed import FeedMode, QuantityIs
from dom.model.feed_source import FeedSource, FileFormat, drop_prefix
from dom.model.ids import LocationId, Sku
from dom.model.partner import Partner
from dom.partners.commands import StockRow, StockTold

# As many reasons are told of lines that cannot be used.
MOST_REASONS = 5
Totals = dict[tuple[Sku, LocationId], int]


@dataclass(frozen=True, slots=True)
class PartnerStock:
    """The sources of feeds, and the bucket that their files are dropped in."""

    sources: FeedSources
    s3: Any
    bucket: str

    def drop(self, told: StockTold, partner: Partner, name: str, at: datetime) -> str:
        """Drop what it tells under that name, as of its own time, else of `at`; why of lines that
        cannot be used.

        Rejected: nothing of it can be used; of changes and of a complete file, not all of it. Busy:
        not now.
        """
        source = self._source(told.mode, partner)
        totals: Totals = {}
        refused = [*told.refused, *_summed(told.rows, source, totals)]
        # What a complete file does not name is emptied; changes that are told again add up.
        whole = told.mode is FeedMode.DELTA or source.complete
        if refused and (whole or not totals):
            raise Rejected(_reasons(refused))
        lines = [json.dumps(one) for one in _records(totals, source, name)]
        metadata = {"as-of": to_text(told.as_of or at), "rows": str(len(lines))}
        key = f"{drop_prefix(source.source)}{name}.ndjson"
        body = "\n".join(lines).encode()
        store(self.s3, self.bucket, key, body, "application/x-ndjson", **metadata)
        return _reasons(refused)

    def _source(self, mode: FeedMode, partner: Partner) -> FeedSource:
        name = partner.changes if mode is FeedMode.DELTA else partner.snapshots
        if not name:
            kind = "changes" if mode is FeedMode.DELTA else "snapshots"
            raise Rejected(f"no feed is named that takes {kind} of {partner.id}")
        found = self.sources.find(name)
        if found is None:
            raise NotFound("feed source", name)
        if (found.mode, found.format) != (mode, FileFormat.NDJSON):
            raise Rejected(f"the feed source {name} must take NDJSON of the mode {mode}")
        return found


def _summed(rows: tuple[StockRow, ...], source: FeedSource, totals: Totals) -> Iterator[str]:
    """Why rows cannot be used; lots of one SKU at a location add up in `totals`."""
    for row in rows:
        on_hand = source.quantity_is is QuantityIs.ON_HAND or source.mode is FeedMode.DELTA
        units = row.on_hand if on_hand else row.available
        if units is None and source.mode is FeedMode.DELTA:
            units = row.available
        if units is None:
            kind = source.quantity_is.value.replace("_", " ")
            yield f"{row.sku}: nothing says how many are {kind}, which {source.source} counts"
        elif source.location_id not in {"", row.location_id}:
            yield f"{row.sku}: {source.source} is of {source.location_id} only"
        else:
            place = (row.sku, row.location_id)
            totals[place] = totals.get(place, 0) + units


def _records(totals: Totals, source: FeedSource, name: str) -> Iterator[dict[str, object]]:
    """Records in the source's own words. `set`: changes that say the same are not the same file."""
    theirs = {ours: told for told, ours in source.locations.items()}
    for (sku, location), units in totals.items():
        record: dict[str, object] = {source.column("sku"): sku, source.column("quantity"): units}
        if not source.location_id:
            record[source.column("location_id")] = theirs.get(location, location)
        yield {**record, "set": name}


def _reasons(refused: list[str]) -> str:
    more = len(refused) - MOST_REASONS
    told = "; ".join(refused[:MOST_REASONS])
    return f"{told}; and {more} more lines" if more > 0 else told
