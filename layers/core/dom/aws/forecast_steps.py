"""The steps of the night's forecast: where it begins, orders read in parts, SKUs learnt in parts.

Each may be repeated: what a step writes is named by its place in the run, and read only once the
step has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from dom.aws.codec import from_plain
from dom.aws.documents import Documents
from dom.aws.order_scan import OrderScan
from dom.model.clock import from_text
from dom.model.rebalancing import Move, Proposal, RebalancingTerms, Slow
from dom.planning.asked import BUCKETS, Asked, asked, bucket_of, summed
from dom.planning.night import Planning, run
from dom.planning.propose import proposals

# Read at the same time; a segment that is not done in one invocation goes on in the next.
SEGMENTS = 8

# Slow SKUs that are listed, dearest first: an item then has some 100 of DynamoDB's 400 KB.
MOST_SLOW = 500

Json = dict[str, Any]
Counted = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Found:
    """What some SKUs of a bucket came to, as kept between the steps."""

    moves: tuple[Move, ...]
    slow: tuple[Slow, ...]


class Shelf(Protocol):
    """Where proposals are kept."""

    def add(self, made: Iterable[Proposal]) -> None:
        """Store those that are not there yet."""

    def list_slow(self, made_on: date, slow: Sequence[Slow]) -> None:
        """Store the list in place of the one before, unless that is newer."""


@dataclass(frozen=True, slots=True)
class ProposalDesk:
    """Terms of rebalancing (None: nobody asked for it), and where proposals go."""

    terms: Callable[[], RebalancingTerms | None]
    proposals: Shelf


@dataclass(frozen=True, slots=True)
class ForecastSteps:
    """Where orders are read, sums are kept and figures go. `zone`: whose days, `days` of them."""

    dynamodb: Any
    orders_table: str
    documents: Documents
    planning: Callable[[], Planning]
    zone: ZoneInfo
    days: int
    count: Counted
    desk: ProposalDesk

    def take(self, event: Json, goes_on: Callable[[], bool]) -> Json:
        """The step that the event names; what the state machine needs to go on."""
        if event["step"] == "begin":
            return self.begin(str(event["run_id"]), from_text(event["started_at"]))
        if event["step"] == "propose":
            return self.propose(event)
        return {"read": self.read, "learn": self.learn}[event["step"]](event, goes_on)

    def begin(self, run_id: str, started_at: datetime) -> Json:
        """The days to learn from, the last of them the one before the run, and the parts."""
        until = started_at.astimezone(self.zone).date().isoformat()
        common = {"run_id": run_id, "until": until, "more": True}
        reads = [
            {**common, "step": "read", "segment": n, "part": 0, "start": None}
            for n in range(SEGMENTS)
        ]
        learns = [
            {**common, "step": "learn", "bucket": n, "part": 0, "after": ""} for n in range(BUCKETS)
        ]
        return {"reads": reads, "learns": learns, "propose": {**common, "step": "propose"}}

    def read(self, event: Json, goes_on: Callable[[], bool]) -> Json:
        """Sum what a part of the orders asked for, into one document for each bucket of SKUs."""
        until = date.fromisoformat(event["until"])
        since = until - timedelta(days=self.days)
        begins, ends = (datetime.combine(day, time(), self.zone) for day in (since, until))
        scan = OrderScan(
            self.dynamodb,
            self.orders_table,
            begins,
            ends,
            event["segment"],
            SEGMENTS,
            event["start"],
            goes_on,
        )
        self._keep(event, asked(scan, self.zone))
        more = scan.next is not None
        return {**event, "part": event["part"] + 1, "start": scan.next, "more": more}

    def _keep(self, event: Json, rows: Iterable[Asked]) -> None:
        parts: list[list[Asked]] = [[] for _ in range(BUCKETS)]
        for row in rows:
            parts[bucket_of(row.sku)].append(row)
        for bucket, found in enumerate(parts):
            key = _name(event["run_id"], bucket, event["segment"], event["part"])
            self.documents.put(key, found)

    def learn(self, event: Json, goes_on: Callable[[], bool]) -> Json:
        """Learn the SKUs of a bucket, from the one after `after` on."""
        rows = summed(self._rows(event["run_id"], event["bucket"]))
        until = date.fromisoformat(event["until"])
        done = run(rows, until, event["after"], goes_on, self.planning())
        for name, units in done.counts.items():
            self.count(name, units)
        key = _found(event["run_id"], event["bucket"], event["part"])
        self.documents.put(key, Found(tuple(done.moves), tuple(done.slow)))
        return {**event, "part": event["part"] + 1, "after": done.after, "more": bool(done.after)}

    def propose(self, event: Json) -> Json:
        """Make transfers of all that should move, for people to decide of; list what is slow."""
        terms, until = self.desk.terms(), date.fromisoformat(event["until"])
        if terms is None:
            return {"proposals": 0}
        found = list(self._all_found(event["run_id"]))
        moves = [move for one in found for move in one.moves]
        made = list(proposals(moves, terms, until))
        self.desk.proposals.add(made)
        slow = sorted((x for one in found for x in one.slow), key=lambda x: (-x.value, x.sku))
        self.desk.proposals.list_slow(until, slow[:MOST_SLOW])
        self.count("ProposalsMade", len(made))
        return {"proposals": len(made)}

    def _all_found(self, run_id: str) -> Iterator[Found]:
        for bucket in range(BUCKETS):
            for part in count():
                plain = self.documents.find(_found(run_id, bucket, part))
                if plain is None:
                    break
                yield from_plain(Found, plain)

    def _rows(self, run_id: str, bucket: int) -> Iterator[Asked]:
        for segment in range(SEGMENTS):
            for part in count():
                found = self.documents.find(_name(run_id, bucket, segment, part))
                if found is None:
                    break
                yield from (Asked(*row) for row in found)


def _found(run_id: str, bucket: int, part: int) -> str:
    return f"forecasts/{run_id}/found/{bucket}-{part}.json.gz"


def _name(run_id: str, bucket: int, segment: int, part: int) -> str:
    return f"forecasts/{run_id}/{bucket}/{segment}-{part}.json.gz"
