"""In-memory twins of the adapters. `FakeLedger` passes the same contract as `DynamoLedger`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from dom.aws.codec import to_plain
from dom.errors import CommitRefused, Conflict
from dom.model.clock import Clock, to_text
from dom.model.commit import (
    MAX_WRITES,
    CapacityChange,
    Claim,
    Commit,
    PersonalData,
    PlanRecord,
    ReturnLoad,
    position_key,
)
from dom.model.decision import RoutingDecision
from dom.model.demand import WAITING, Counter, count_up
from dom.model.facts import MAX_LINES
from dom.model.fulfillment import FulfillmentOrder
from dom.model.ids import FulfillmentOrderId, LocationId, OrderId, Sku
from dom.model.location import Location
from dom.model.location_state import LocationState, is_open, state_of
from dom.model.order import Order
from dom.model.outlet import Outlet
from dom.model.product import Assortment, Product
from dom.model.queue import Place, Waiting
from dom.model.reservation import Reservation, ReservationChange, ReservationStatus
from dom.model.rma import Return
from dom.model.stock import Movement, Position, StockChange, Totals, totals
from dom.model.supplier import Supplier
from dom.model.supply import SupplyOrder
from dom.model.tally import Tally, TallyScope
from dom.sourcing.network import Network


@dataclass
class FakeLedger:
    """Everything in dictionaries. `before` is called with each commit and may raise: faults."""

    orders: dict[str, Order] = field(default_factory=dict)
    works: dict[str, FulfillmentOrder] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    movements: dict[tuple[str, str], StockChange] = field(default_factory=dict)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    decisions: dict[str, RoutingDecision] = field(default_factory=dict)
    books: dict[str, list[Movement]] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    people: dict[str, PersonalData] = field(default_factory=dict)
    plans: dict[str, PlanRecord] = field(default_factory=dict)
    reservations: dict[str, Reservation] = field(default_factory=dict)
    returns: dict[str, Return] = field(default_factory=dict)
    counts: dict[tuple[str, str, str], Tally] = field(default_factory=dict)
    products: dict[Sku, Product] = field(default_factory=dict)
    places: dict[str, Location] = field(default_factory=dict)
    suppliers: dict[str, Supplier] = field(default_factory=dict)
    outlets: dict[tuple[str, str], Outlet] = field(default_factory=dict)
    parcels: dict[str, set[FulfillmentOrderId]] = field(default_factory=dict)
    counters: dict[tuple[Sku, int], int] = field(default_factory=dict)
    standing: dict[Place, Waiting] = field(default_factory=dict)
    supplies: dict[str, SupplyOrder] = field(default_factory=dict)
    commits: list[Commit] = field(default_factory=list)
    before: Callable[[Commit], None] = lambda commit: None

    def commit(self, commit: Commit) -> None:
        self.before(commit)
        if commit.writes > MAX_WRITES:
            raise ValueError(f"{commit.writes} writes")
        names = [position_key(c.sku, c.location_id) for c in commit.stock]
        if len(set(names)) < len(names):
            raise ValueError("a position twice")
        conflicts = tuple(self._conflicts(commit))
        if conflicts:
            raise CommitRefused(conflicts)
        self._apply(commit)
        self.commits.append(commit)

    def _conflicts(self, commit: Commit) -> Iterable[Conflict]:
        yield from self._stale_records(commit)
        nowhere = [x.location_id for x in commit.loads if x.location_id not in self.states]
        yield from (Conflict("load", one, None) for one in nowhere)
        for change in commit.stock:
            yield from self._stock_conflicts(change, commit)
        for capacity in commit.capacity:
            yield from self._capacity_conflicts(capacity, commit.at)
        for decision in commit.decisions:
            if decision.id in self.decisions:
                yield Conflict("decision", decision.id, None)
        for claim in commit.claims:
            if claim.key in self.claims:
                yield Conflict("claim", claim.key, to_plain(self.claims[claim.key]))

    def _stale_records(self, commit: Commit) -> Iterable[Conflict]:
        yield from _stale("order", self.orders, {one.order_id: one for one in commit.orders})
        works = {one.id: one for one in commit.fulfillment_orders}
        yield from _stale("fulfillment_order", self.works, works)
        yield from _stale("plan", self.plans, {one.id: one for one in commit.plans})
        yield from _stale("return", self.returns, {one.id: one for one in commit.returns})
        changes = {one.after.id: one for one in commit.reservations}
        yield from _stale("reservation", self.reservations, changes)
        yield from _stale("supply", self.supplies, {one.id: one for one in commit.supply})

    def _stock_conflicts(self, change: StockChange, commit: Commit) -> Iterable[Conflict]:
        key = position_key(change.sku, change.location_id)
        if (key, change.id or commit.id) in self.movements:
            yield Conflict("movement", key, None)
        found = self.positions.get(key)
        stored = {**to_plain(found), "available": found.available} if found else None
        new = change.creates or change.expected_version == 0
        held = found.reserved if found else 0
        available = found.available if found else 0
        bad = (
            (found is not None) if new else (found is None),
            bool(change.expected_version)
            and found is not None
            and found.version != change.expected_version,
            change.takes_available and available < change.reserved,
            held + change.reserved < 0,
        )
        if any(bad):
            yield Conflict("position", key, stored)

    def _capacity_conflicts(self, change: CapacityChange, at: datetime) -> Iterable[Conflict]:
        state = self.states.get(change.location_id)
        missing = change.forced and state is None
        closed = missing or (change.must_be_open and not (state and is_open(state, at)))
        left = (_is_left(state or {}, *one, change.forced) for one in _counters(change))
        fits = change.while_over and not _is_over(state or {}, change)
        if closed or fits or not all(left):
            yield Conflict("location", change.location_id, state)

    def _apply(self, commit: Commit) -> None:
        self._apply_orders(commit)
        self.works |= {x.id: replace(x, version=x.version + 1) for x in commit.fulfillment_orders}
        self.plans |= {x.id: replace(x, version=x.version + 1) for x in commit.plans}
        self.returns |= {x.id: replace(x, version=x.version + 1) for x in commit.returns}
        self.supplies |= {x.id: replace(x, version=x.version + 1) for x in commit.supply}
        for load in commit.loads:
            self._apply_load(load)
        for tally in commit.tallies:
            known = self.tallies(tally.scope, [tally.key], tally.period)[tally.key]
            self.counts[tally.scope, tally.key, tally.period] = known.plus(tally.counts)
        for moved in commit.reservations:
            self._apply_reservation(moved)
        for change in commit.stock:
            self._apply_stock(change, commit)
        for capacity in commit.capacity:
            self._apply_capacity(capacity)
        self.decisions |= {decision.id: decision for decision in commit.decisions}
        self.claims |= {claim.key: claim for claim in commit.claims}
        for parcel in commit.parcels:
            self.parcels.setdefault(parcel.key, set()).add(parcel.fulfillment_order_id)

    def _apply_orders(self, commit: Commit) -> None:
        counted = count_up(commit.orders, len(commit.orders) * MAX_LINES)
        for name, units in counted.counters.items():
            self.counters[name] = self.counters.get(name, 0) + units
        for place, wait in counted.places.items():
            self.standing.pop(place, None)
            if wait:
                order_id = OrderId(place.rank.rpartition("#")[2])
                self.standing[place] = Waiting(order_id, wait.rank, wait.units, wait.prospect)
        self.orders |= {x.order_id: replace(x, version=x.version + 1) for x in counted.orders}
        self.people |= {personal.order_id: personal for personal in commit.personal}
        for order_id in commit.forgotten:
            self.people.pop(order_id, None)

    def _apply_stock(self, change: StockChange, commit: Commit) -> None:
        key = position_key(change.sku, change.location_id)
        found = self.positions.get(key) or Position(change.sku, change.location_id)
        self.positions[key] = replace(
            found,
            on_hand=found.on_hand + change.on_hand,
            unsellable=found.unsellable + change.unsellable,
            reserved=found.reserved + change.reserved,
            safety_stock=found.safety_stock + change.safety_stock,
            version=found.version + 1,
            last_snapshot_at=change.snapshot_at or found.last_snapshot_at,
        )
        self.movements[key, change.id or commit.id] = change
        self.books.setdefault(key, []).append(_movement(change, commit))

    def _apply_reservation(self, change: ReservationChange) -> None:
        self.reservations[change.after.id] = replace(change.after, version=change.version + 1)

    def _apply_load(self, load: ReturnLoad) -> None:
        state = self.states[load.location_id]
        state["returning"] = state.get("returning", 0) + load.units

    def _apply_capacity(self, change: CapacityChange) -> None:
        state = self.states.setdefault(change.location_id, {"open": True})
        for name, _, by, most in _counters(change):
            if by and not (by > 0 and most is None):
                state[name] = state.get(name, (most or 0) if by > 0 else 0) - by

    # What the stages read.

    def load(self, order_id: str) -> Order | None:
        return self.orders.get(order_id)

    def load_many(self, order_ids: Iterable[str]) -> list[Order]:
        return [self.orders[one] for one in dict.fromkeys(order_ids) if one in self.orders]

    def fulfillment_order(self, fulfillment_order_id: str) -> FulfillmentOrder | None:
        return self.works.get(fulfillment_order_id)

    def works_among(self, names: Iterable[str]) -> list[FulfillmentOrder]:
        return [self.works[one] for one in dict.fromkeys(names) if one in self.works]

    def open_work(self, location_id: LocationId, recipient: str) -> list[FulfillmentOrderId]:
        wanted = (location_id, recipient)
        return [x.id for x in self.works.values() if (x.location_id, x.recipient) == wanted]

    def works_of_parcel(self, key: str) -> list[FulfillmentOrderId]:
        return sorted(self.parcels.get(key, ()))

    def fulfillment_orders(self, order_id: str) -> list[FulfillmentOrder]:
        return [work for work in self.works.values() if work.order_id == order_id]

    def tallies(self, scope: TallyScope, names: Iterable[str], period: str) -> dict[str, Tally]:
        return {x: self.counts.get((scope, x, period), Tally(scope, x, period)) for x in names}

    def rma(self, name: str) -> Return | None:
        return self.returns.get(name)

    def returns_of(self, order_id: str) -> list[Return]:
        return [one for one in self.returns.values() if one.order_id == order_id]

    def personal(self, order_id: str) -> PersonalData | None:
        return self.people.get(order_id)

    def decisions_of(self, order_id: str) -> list[RoutingDecision]:
        return [one for one in self.decisions.values() if one.order_id == order_id]

    def plan(self, order_id: str, plan_id: str) -> PlanRecord | None:
        return self.plans.get(plan_id)

    def availability(self, skus: Iterable[str]) -> dict[str, dict[str, int]]:
        wanted = set(skus)
        found: dict[str, dict[str, int]] = {sku: {} for sku in wanted}
        for position in self.positions.values():
            if position.sku in wanted:
                found[position.sku][position.location_id] = position.available
        return found

    def assortment(self, skus: Iterable[str]) -> Assortment:
        units = self.availability(skus)
        return Assortment(
            units, {x: self.products[x] for x in map(Sku, units) if x in self.products}
        )

    def find_all(self, skus: Iterable[Sku]) -> dict[Sku, Product]:
        return {sku: self.products[sku] for sku in skus if sku in self.products}

    def offer(self, skus: Iterable[str]) -> tuple[Assortment, dict[str, int]]:
        wanted = list(skus)
        return self.assortment(wanted), self.demand(wanted)

    def demand(self, skus: Iterable[str]) -> dict[str, int]:
        wanted, queued = set(skus), dict[str, int]()
        for (sku, _, fence), number in self.counters.items():
            if sku in wanted and number and not fence:
                queued[sku] = queued.get(sku, 0) + number
        return queued

    def lengths(self, skus: Iterable[str]) -> dict[Sku, int]:
        found = {Sku(sku): self.counters.get(Counter(Sku(sku), 0, WAITING), 0) for sku in skus}
        return {sku: units for sku, units in found.items() if units}

    def line(self, sku: str) -> Iterator[Waiting]:
        return iter([self.standing[one] for one in sorted(self.standing) if one.sku == sku])

    def ahead(self, sku: str, rank: str, most: int) -> list[Waiting]:
        return [one for one in self.line(sku) if one.rank < rank][:most]

    def first(self, sku: str, most: int) -> list[Waiting]:
        return list(self.line(sku))[:most]

    def sold(self, fences: Iterable[tuple[Sku, str]]) -> dict[Sku, dict[str, int]]:
        wanted, found = set(fences), dict[Sku, dict[str, int]]()
        for (sku, _, fence), number in self.counters.items():
            if (sku, fence) in wanted:
                sold = found.setdefault(sku, {})
                sold[fence] = sold.get(fence, 0) + number
        return found

    def positions_of(self, pairs: Iterable[tuple[str, str]]) -> list[Position]:
        named = [position_key(sku, location) for sku, location in pairs]
        return [self.positions[name] for name in named if name in self.positions]

    def moved_after(self, pairs: Iterable[tuple[str, str]], after: datetime) -> dict[Any, Totals]:
        return {
            pair: totals(
                one for one in self.books.get(position_key(*pair), ()) if one.occurred_at > after
            )
            for pair in pairs
        }

    def recorded(
        self, names: Iterable[tuple[str, str, str]], occurred_at: datetime
    ) -> set[tuple[str, str]]:
        return {
            (sku, location)
            for sku, location, name in names
            if (position_key(sku, location), name) in self.movements
        }

    def stocked(self, location_ids: Iterable[str]) -> list[tuple[Any, Any]]:
        wanted, positions = set(location_ids), self.positions.values()
        return [(one.sku, one.location_id) for one in positions if one.location_id in wanted]

    # What tests set up.

    def stock(self, sku: str, location: str, on_hand: int, **rest: int) -> None:
        """Put stock there, with the movement that explains it."""
        key = position_key(sku, location)
        self.positions[key] = Position(sku, location, on_hand=on_hand, version=1, **rest)  # type: ignore[arg-type]

    def describe(self, product: Product) -> None:
        """Make facts of a SKU known."""
        self.products[product.sku] = product

    def location(self, location_id: str) -> Location | None:
        return self.places.get(location_id)

    def supplier(self, location_id: str) -> Supplier | None:
        return self.suppliers.get(location_id)

    def outlet(self, channel: str, account: str) -> Outlet | None:
        return self.outlets.get((channel, account))

    def open(self, *locations: Location) -> None:
        """Make the locations known and open as they describe themselves."""
        for location in locations:
            self.places[location.location_id] = location
            state: dict[str, Any] = {"open": location.active}
            if location.inactive_until:
                state["closed_until"] = to_text(location.inactive_until)
            if location.daily_capacity is not None:
                state["daily_capacity"] = location.daily_capacity
            if location.daily_effort is not None:
                state["daily_effort"] = location.daily_effort
            self.states[location.location_id] = state


def _counters(change: CapacityChange) -> Iterable[tuple[str, str, int, int | None]]:
    """Slots and effort: the day's counter, the bound's name, what is taken, and the bound."""
    day = change.day.isoformat()
    yield f"left#{day}", "daily_capacity", change.units, change.daily_capacity
    yield f"effort#{day}", "daily_effort", change.effort, change.daily_effort


def _is_over(state: Mapping[str, Any], change: CapacityChange) -> bool:
    return any(state.get(name, 0) < 0 for name, *_ in _counters(change))


def _is_left(
    state: Mapping[str, Any], name: str, bound: str, by: int, most: int | None, forced: bool
) -> bool:
    """Whether that can be taken: under the bound as it was read."""
    if by <= 0:
        return True
    return state.get(bound) == most and (most is None or forced or state.get(name, most) >= by)


def _movement(change: StockChange, commit: Commit) -> Movement:
    return Movement(
        change.id or commit.id,
        change.sku,
        change.location_id,
        change.cause,
        change.occurred_at or commit.at,
        commit.at,
        change.on_hand,
        change.unsellable,
        change.reserved,
        change.safety_stock,
        change.references,
        commit.actor,
    )


def _stale(kind: str, stored: Mapping[Any, Any], records: Mapping[Any, Any]) -> Iterable[Conflict]:
    for key, record in records.items():
        found = stored.get(key)
        if (found.version if found else 0) != record.version:
            yield Conflict(kind, key, None)


def frozen(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: moment


@dataclass
class FakeReservations:
    """The reservations that a FakeLedger keeps, as `dom.promise.ports.Reservations`."""

    ledger: FakeLedger

    def load(self, reservation_id: str) -> Reservation | None:
        return self.ledger.reservations.get(reservation_id)

    def expired(
        self, skus: Iterable[str], now: datetime, most: int | None = None
    ) -> list[Reservation]:
        wanted = set(skus)
        found = [one for one in self.due(now) if any(hold.sku in wanted for hold in one.holds)]
        return found[:most]

    def due(self, now: datetime) -> list[Reservation]:
        held = (r for r in self.ledger.reservations.values() if r.status is ReservationStatus.HELD)
        return sorted((r for r in held if r.expires_at <= now), key=lambda r: (r.expires_at, r.id))


@dataclass
class FakePlaces:
    """The network, and the states that a FakeLedger keeps."""

    ledger: FakeLedger
    locations: tuple[Location, ...]
    clock: Clock = lambda: datetime(2026, 3, 4, 15, 0, tzinfo=UTC)

    def network(self, known: Iterable[str] = ()) -> Network:
        now = self.clock()
        return Network({one.location_id: one.at(now) for one in self.locations})

    def backlogs(self, location_ids: Iterable[str]) -> dict[str, int]:
        found = {one: self.ledger.states.get(one, {}) for one in location_ids}
        return {x: s.get("returning", 0) for x, s in found.items() if is_open(s, self.clock())}

    def states(self, location_ids: Iterable[str]) -> dict[str, LocationState]:
        states = self.ledger.states
        now = self.clock()
        return {one: state_of(states[one], now) for one in location_ids if one in states}


@dataclass
class FakeTurns:
    """`dom.fulfillment.channel_ports.Turns`; `taken`: names that are taken."""

    taken: set[str] = field(default_factory=set)

    def take(self, name: str) -> bool:
        free = name not in self.taken
        self.taken.add(name)
        return free

    def give_back(self, name: str) -> None:
        self.taken.discard(name)


@dataclass
class FakePapers:
    """Files that can be deleted: which were asked for."""

    erased: list[str] = field(default_factory=list)

    def erase(self, order_id: OrderId, keys: Iterable[str]) -> None:
        """See the port."""
        self.erased += sorted(keys)


class FakeNotes:
    """Notes as they are written."""

    def seal(self, order_id: str, text: str) -> str:
        """See the port."""
        return text
