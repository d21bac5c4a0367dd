"""The steps of the night's forecast: where it begins, orders read in parts, SKUs learnt in parts.

Each may be repeated: what a step writes is named by its place in the run, and read only once the
step has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from dom.aws.documents import Documents
from dom.aws.order_scan import OrderScan
from dom.model.clock import from_text
from dom.planning.asked import BUCKETS, Asked, asked, bucket_of
from dom.planning.night import Planning, run, summed

# Read at the same time; a segment that is not done in one invocation goes on in the next.
SEGMENTS = 8

Json = dict[str, Any]
Counted = Callable[[str, int], None]


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

    def take(self, event: Json, goes_on: Callable[[], bool]) -> Json:
        """The step that the event names; what the state machine needs to go on."""
        if event["step"] == "begin":
            return self.begin(str(event["run_id"]), from_text(event["started_at"]))
        return {"read": self.read, "learn": self.learn}[event["step"]](event, goes_on)

    def begin(self, run_id: str, started_at: datetime) -> Json:
        """The days to learn from, the last of them the one before the run, and the parts."""
        until = started_at.astimezone(self.zone).date().isoformat()
        common = {"run_id": run_id, "until": until, "more": True}
        reads = [
            {**common, "step": "read", "segment": n, "part": 0, "start": None}
            for n in range(SEGMENTS)
        ]
        learns = [{**common, "step": "learn", "bucket": n, "after": ""} for n in range(BUCKETS)]
        return {"reads": reads, "learns": learns}

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
        return {**event, "after": done.after, "more": bool(done.after)}

    def _rows(self, run_id: str, bucket: int) -> Iterator[Asked]:
        for segment in range(SEGMENTS):
            for part in count():
                found = self.documents.find(_name(run_id, bucket, segment, part))
                if found is None:
                    break
                yield from (Asked(*row) for row in found)


def _name(run_id: str, bucket: int, segment: int, part: int) -> str:
    return f"forecasts/{run_id}/{bucket}/{segment}-{part}.json.gz"
