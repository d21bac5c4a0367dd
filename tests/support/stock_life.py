"""A random life of stock at a few positions: orders, floor, counts and feeds, with repeats,
disorder, refusals, crashes before a write and answers lost after one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from dom.errors import Busy, CommitRefused
from dom.fulfillment import effects
from dom.inventory.apply_feed import Intake, apply_feed
from dom.inventory.set_position import Count, Shelves, set_position
from dom.model.commit import Commit, Ledger, position_key
from dom.model.feed import Feed, FeedMode, FeedResult, FeedRow, QuantityIs
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder, RejectReason
from dom.model.ids import LocationId, Sku
from dom.model.stock import Cause, StockChange, totals
from support.builders import NOW, work
from support.fakes import FakeLedger

# Orders are more frequent than feeds, and few units are damaged: or else nothing is left to sell.
NAMES = ("allocate",) * 6 + ("ship", "cancel", "reject", "count", "feed", "feed", "repeat")
REASONS = [*RejectReason] + [RejectReason.NO_VARIANCE, RejectReason.NOT_IN_STOCK] * 15
PLACES = [(Sku(f"S{n}"), LocationId(place)) for n in range(3) for place in ("RENO", "BOSTON")]


class Flaky(FakeLedger):
    """A ledger that now and then fails before it writes, or loses the answer after it did."""

    random = Random(0)

    def commit(self, commit: Commit) -> None:
        fate = self.random.random()
        if fate < 0.02:
            raise Busy("throttled")
        super().commit(commit)
        if fate > 0.98:
            raise Busy("no answer")


def written(commit: Commit, ledger: Ledger, attempts: int = 9) -> bool:
    """Whether it was written; after a lost answer the caller sends it again, as it stands."""
    for _ in range(attempts):
        try:
            ledger.commit(commit)
        except Busy:
            continue
        except CommitRefused as refused:
            return any(one.kind in ("movement", "claim") for one in refused.conflicts)
        return True
    raise AssertionError(f"busy {attempts} times")


@dataclass
class Life:
    """What happens, and what must hold after each step."""

    random: Random
    ledger: Flaky = field(default_factory=Flaky)
    now: datetime = NOW
    open: list[FulfillmentOrder] = field(default_factory=list)
    applied: list[Feed] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.ledger.random = self.random
        clock: Callable[[], datetime] = lambda: self.now  # noqa: E731
        self.shelves = Shelves(self.ledger, self, self.ledger, clock)
        self.intake = Intake(self.ledger, self, self.ledger, clock)

    def find(self, location_id: str) -> object | None:
        return location_id

    def existing(self, location_ids: Iterable[str]) -> set[str]:
        return set(location_ids)

    def step(self) -> None:
        """One thing happens."""
        self.now += timedelta(seconds=self.random.randrange(1, 90))
        name = self.random.choice(NAMES)
        self.done[name] += 1
        getattr(self, f"_{name}")()

    def _commit(self, commit: Commit) -> bool:
        return written(commit, self.ledger)

    def _allocate(self) -> None:
        sku, place = self.random.choice(PLACES)
        units = self.random.randrange(1, 5)
        number = self.done["allocate"]
        taken = StockChange(sku, place, Cause.ALLOCATION, reserved=units, takes_available=True)
        found = self.ledger.positions.get(position_key(sku, place))
        fits = found is not None and found.available >= units
        written = self._commit(Commit(f"allocate-{number}", self.now, "routing", stock=(taken,)))
        assert written is fits
        if written:
            self.done["allocated"] += 1
            assert self.ledger.positions[position_key(sku, place)].available >= 0
            lines = (FulfillmentLine("1", sku, units),)
            self.open.append(work(number, location_id=place, lines=lines))

    def _end(self, changes: Callable[[FulfillmentOrder], tuple[StockChange, ...]]) -> None:
        if not self.open:
            return
        ended = self.open.pop(self.random.randrange(len(self.open)))
        commit = Commit(f"end-{ended.id}", self.now, "floor", stock=changes(ended))
        assert self._commit(commit)

    def _ship(self) -> None:
        self._end(effects.shipment)

    def _cancel(self) -> None:
        self._end(lambda ended: effects.release(ended, ended.lines))

    def _reject(self) -> None:
        reason, positions = self.random.choice(REASONS), self.ledger.positions
        self._end(lambda ended: effects.rejection(ended, ended.lines, reason, positions))

    def _count(self) -> None:
        count = Count(*self.random.choice(PLACES), self.random.randrange(5, 40))
        self._until_answered(lambda: set_position(count, "store", self.shelves))

    def _feed(self) -> None:
        """Of any time of the last ten minutes: late, early, out of order."""
        delta = self.random.random() < 0.5
        low = -4 if delta else 0
        places = self.random.sample(PLACES, self.random.randrange(1, 4))
        rows = tuple(
            FeedRow(n, *place, self.random.randrange(low, 12 if delta else 40))
            for n, place in enumerate(places)
        )
        feed = Feed(
            self.random.choice(["wms", "pos"]),
            FeedMode.DELTA if delta else FeedMode.SNAPSHOT,
            self.random.choice(list(QuantityIs)),
            self.now
            - timedelta(seconds=self.random.randrange(600), microseconds=self.done["feed"]),
            rows,
        )
        before = len(self.ledger.commits)
        result = self._fed(feed)
        whole = sum(len(commit.stock) for commit in self.ledger.commits[before:]) == len(rows)
        assert result.accepted + result.unchanged == len(rows)
        if whole or delta:
            self.applied.append(feed)
        self._check_snapshots(feed)

    def _check_snapshots(self, feed: Feed) -> None:
        """Positions that follow it have its figure, and each movement by when it occurred."""
        for row in feed.rows:
            key = position_key(row.sku, row.location_id)
            position = self.ledger.positions.get(key)
            if position is None or position.last_snapshot_at != feed.as_of:
                continue
            rows = self.ledger.books[key]
            expected = row.quantity + sum(r.on_hand for r in rows if r.occurred_at > feed.as_of)
            if feed.quantity_is is QuantityIs.AVAILABLE:
                expected += sum(r.reserved for r in rows if r.occurred_at <= feed.as_of)
            assert position.on_hand == expected
            self.done["reconciled"] += 1

    def _repeat(self) -> None:
        """Something that was written comes once more: nothing changes."""
        before = dict(self.ledger.positions)
        if self.applied and self.random.random() < 0.5:
            feed = self.random.choice(self.applied)
            assert self._fed(feed) == FeedResult(0, len(feed.rows), ())
        elif self.ledger.commits:
            assert self._commit(self.random.choice(self.ledger.commits))
        assert self.ledger.positions == before

    def _fed(self, feed: Feed) -> FeedResult:
        found: list[FeedResult] = []
        self._until_answered(lambda: found.append(apply_feed(feed, "wms", self.intake, ())))
        return found[0]

    def _until_answered(self, call: Callable[[], object]) -> None:
        for _ in range(9):
            try:
                call()
            except Busy:
                self.done["busy"] += 1
            else:
                return
        raise AssertionError("busy nine times")

    def close(self) -> None:
        """All work that is open ends."""
        while self.open:
            self._ship() if self.random.random() < 0.5 else self._cancel()


@dataclass
class Sums:
    """Movements added up as they come, by hand: what positions are compared with."""

    seen: Counter[str] = field(default_factory=Counter)
    units: Counter[tuple[str, str]] = field(default_factory=Counter)

    def check(self, life: Life) -> None:
        """The invariant of the ledger (docs/architecture.md, "Positions are sums")."""
        held: Counter[str] = Counter()
        for one in life.open:
            for sku, units in effects.units_by_sku(one.lines).items():
                held[position_key(sku, one.location_id)] += units
        for key, position in life.ledger.positions.items():
            rows = life.ledger.books[key]
            for row in rows[self.seen[key] :]:
                for name in ("on_hand", "unsellable", "reserved", "safety_stock"):
                    self.units[key, name] += getattr(row, name)
            self.seen[key] = len(rows)
            assert position.on_hand == self.units[key, "on_hand"]
            assert position.unsellable == self.units[key, "unsellable"]
            assert position.reserved == self.units[key, "reserved"] == held[key]
            assert position.reserved >= 0


def since_snapshot(life: Life, key: str) -> tuple[int, int]:
    """What is on hand, and the newest snapshot's figure with what occurred after it."""
    position, rows = life.ledger.positions[key], life.ledger.books[key]
    last = position.last_snapshot_at
    if last is None:
        return position.on_hand, position.on_hand
    at = max(n for n, row in enumerate(rows) if row.cause is Cause.SNAPSHOT)
    figure = totals(rows[: at + 1]).on_hand
    later = [row for row in rows[at + 1 :] if row.occurred_at > last]
    return position.on_hand, figure + totals(later).on_hand
