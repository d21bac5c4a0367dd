"""The only writer of orders, FulfillmentOrders, returns and stock: a `Commit` as one transaction.

Contract: `dom.model.commit.Ledger`; the in-memory fake of the tests passes the same suite.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from dom.aws import keys
from dom.aws.capacity_writes import capacity_request, load_request
from dom.aws.codec import to_plain
from dom.aws.dynamo import attribute, marshal
from dom.aws.line_store import place_request
from dom.aws.personal_store import PersonalStore
from dom.aws.reservation_writes import reservation_writes
from dom.aws.stock_writes import (
    availability_update,
    demand_update,
    movement_put,
    position_update,
)
from dom.aws.supply_store import supply_writes
from dom.aws.tally_store import tally_update
from dom.aws.transactions import Write, transact
from dom.errors import Busy, CommitRefused
from dom.model.clock import to_text
from dom.model.commit import MAX_WRITES, CapacityChange, Claim, Commit, PlanRecord, position_key
from dom.model.demand import Counted, count_up, uncounted
from dom.model.fulfillment import FulfillmentOrder
from dom.model.ids import Sku
from dom.model.order import Order
from dom.model.rma import Return
from dom.model.stock import StockChange

# The relay acknowledges within seconds; an item still unrelayed after this is swept.
RELAY_GRACE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class DynamoLedger:
    """Writes commits to the tables named here. `people`: for whoever writes personal data."""

    dynamodb: Any
    orders_table: str
    inventory_table: str = ""
    network_table: str = ""
    inbox_table: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    people: PersonalStore | None = None

    def commit(self, commit: Commit) -> None:
        """Write it whole, or raise CommitRefused, Busy or Rejected and change nothing.

        ValueError when it holds more than 100 items or an item twice: DynamoDB would refuse both.
        """
        counted = count_up(commit.orders, MAX_WRITES - commit.writes)
        commit = replace(commit, orders=counted.orders)
        writes = [*self._writes(commit), *self._demand(counted)]
        if not writes:
            return
        names = [(write.kind, write.key) for write in writes]
        if len(writes) > MAX_WRITES or len(set(names)) < len(names):
            raise ValueError(f"{len(writes)} writes on {len(set(names))} items")
        try:
            transact(self.dynamodb, writes, **self.options)
        except CommitRefused as refused:
            self._create_documents(refused)
            transact(self.dynamodb, writes, **self.options)
        for order in commit.orders:
            self._count_rest(order, commit.at)

    def _demand(self, counted: Counted) -> Iterator[Write]:
        for name, units in sorted(counted.counters.items()):
            request = demand_update(self.inventory_table, name, units)
            yield Write("demand", "#".join(map(str, name)), request)
        for place, wait in sorted(counted.places.items()):
            request = place_request(self.inventory_table, place, wait)
            yield Write("place", "#".join(place), request)

    def _count_rest(self, order: Order, at: datetime) -> None:
        """Count and list what one transaction had no room for, as a change of the order alone.

        Nobody waits for it: the relay sees what is interrupted, and has it counted.
        """
        while uncounted(order):
            order = replace(order, version=order.version + 1)
            counted = count_up([order], MAX_WRITES - 1)
            (order,) = counted.orders
            writes = [self._order(order, at), *self._demand(counted)]
            try:
                transact(self.dynamodb, writes, **self.options)
            except (CommitRefused, Busy):
                return

    def _create_documents(self, refused: CommitRefused) -> None:
        """A SKU's first position needs an empty availability document; any other refusal stands."""
        missing = [one.key for one in refused.conflicts if one.kind == "availability"]
        if len(missing) < len(refused.conflicts):
            raise refused
        for sku in missing:
            item = {**keys.availability(sku), "sku": sku, "version": 0, "locations": {}}
            with suppress(self.dynamodb.exceptions.ConditionalCheckFailedException):
                self.dynamodb.put_item(
                    TableName=self.inventory_table,
                    Item=marshal(item),
                    ConditionExpression="attribute_not_exists(pk)",
                )

    def _writes(self, commit: Commit) -> Iterator[Write]:
        for order in commit.orders:
            yield self._order(order, commit.at)
        for fulfillment_order in commit.fulfillment_orders:
            yield self._fulfillment_order(fulfillment_order, commit.at)
        for record in commit.returns:
            yield self._return(record, commit.at)
        for change in commit.stock:
            yield from self._stock(change, commit)
        yield from self._documents(commit.stock)
        for capacity in commit.capacity:
            yield self._capacity(capacity, commit.at)
        for load in commit.loads:
            yield Write("load", load.location_id, load_request(self.network_table, load))
        for tally in commit.tallies:
            request = tally_update(self.inventory_table, tally, commit.at)
            yield Write("tally", f"{tally.scope}:{tally.key}", request)
        yield from self._records(commit)
        yield from self._held_or_coming(commit)

    def _held_or_coming(self, commit: Commit) -> Iterator[Write]:
        for reservation in commit.reservations:
            yield from reservation_writes(self.inventory_table, reservation, commit.at)
        for supply in commit.supply:
            yield from supply_writes(self.inventory_table, supply)

    def _records(self, commit: Commit) -> Iterator[Write]:
        for decision in commit.decisions:
            key = keys.decision(decision.order_id, decision.id)
            yield Write("decision", decision.id, self._new(key, to_plain(decision)))
        for claim in commit.claims:
            yield self._claim(claim)
        for parcel in commit.parcels:
            item = marshal(keys.parcel(parcel.key, parcel.fulfillment_order_id))
            put = {"Put": {"TableName": self.orders_table, "Item": item}}
            yield Write("parcel", f"{parcel.key}@{parcel.fulfillment_order_id}", put)
        yield from self._personal(commit)
        for plan in commit.plans:
            yield self._plan(plan)

    def _personal(self, commit: Commit) -> Iterator[Write]:
        if not self.people:
            if commit.personal or commit.forgotten:
                raise ValueError("this ledger has no keys for personal data")
            return
        for personal in commit.personal:
            yield from self.people.writes(personal)
        for order_id in commit.forgotten:
            yield from self.people.erasure(order_id)

    def _order(self, order: Order, at: datetime) -> Write:
        extra = {
            "status": order.status.value,
            "external_ref": f"{order.channel}#{order.external_id}",
        }
        key = keys.order(order.order_id)
        return Write("order", order.order_id, self._versioned(key, order, at, extra))

    def _fulfillment_order(self, order: FulfillmentOrder, at: datetime) -> Write:
        created = to_text(order.created_at or at)  # "!" sorts before every date
        extra: dict[str, str | None] = {
            "work_at": f"{order.status.value}#{'!' if order.priority > 0 else ''}{created}",
            "held_by": order.held_by,
            "recipient_at": None,
        }
        if order.recipient:
            extra["recipient_at"] = keys.open_work(order.location_id, order.recipient)
        key = keys.fulfillment_order(order.id)
        return Write("fulfillment_order", order.id, self._versioned(key, order, at, extra))

    def _return(self, record: Return, at: datetime) -> Write:
        extra = {"return_at": f"{record.status.value}#{to_text(record.created_at)}"}
        key = keys.rma(record.id)
        return Write("return", record.id, self._versioned(key, record, at, extra))

    def _versioned(
        self,
        key: keys.Key,
        record: Order | FulfillmentOrder | Return,
        at: datetime,
        extra: Mapping[str, Any],
    ) -> Mapping[str, Any]:
        """Set every field of the record, guarded by the version it was read with.

        An update, not a put: the relay's own attributes on the item stay as they are.
        """
        sweep_at = min(filter(None, (at + RELAY_GRACE, record.wakes_at)))
        values = {
            **to_plain(replace(record, version=record.version + 1)),
            **{name: value for name, value in extra.items() if value is not None},
            "unrelayed": 1,
            "sweep_shard": keys.sweep_shard(key),
            "sweep_at": to_text(sweep_at),
        }
        values = {name: value for name, value in values.items() if name not in key}
        names = [*(f.name for f in fields(record)), *extra]
        absent = [name for name in names if name not in values and name not in key]
        return _guarded_update(self.orders_table, key, values, absent, record.version)

    def _new(self, key: keys.Key, plain: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            "Put": {
                "TableName": self.orders_table,
                "Item": marshal({**plain, **key}),
                "ConditionExpression": "attribute_not_exists(order_id)",
            }
        }

    def _claim(self, claim: Claim) -> Write:
        expires = int((claim.received_at + timedelta(days=claim.days)).timestamp())
        put = {
            "TableName": self.inbox_table,
            "Item": marshal({**to_plain(claim), "expires_at": expires}),
            "ConditionExpression": "attribute_not_exists(#key)",
            "ExpressionAttributeNames": {"#key": "key"},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        return Write("claim", claim.key, {"Put": put})

    def _plan(self, plan: PlanRecord) -> Write:
        plain = to_plain(replace(plan, version=plan.version + 1))
        request = self._new(keys.plan(plan.order_id, plan.id), plain)
        if plan.version:
            request["Put"]["ConditionExpression"] = "version = :version"
            request["Put"]["ExpressionAttributeValues"] = marshal({":version": plan.version})
        return Write("plan", plan.id, request)

    def _stock(self, change: StockChange, commit: Commit) -> Iterator[Write]:
        name = position_key(change.sku, change.location_id)
        yield Write("position", name, position_update(self.inventory_table, change, commit.at))
        yield Write("movement", name, movement_put(self.inventory_table, change, commit))

    def _documents(self, stock: Iterable[StockChange]) -> Iterator[Write]:
        """One write for each SKU that gets positions, however many: an item stands here once."""
        created: dict[Sku, list[StockChange]] = {}
        for change in stock:
            if change.creates:
                created.setdefault(change.sku, []).append(change)
        for sku, changes in created.items():
            request = availability_update(self.inventory_table, sku, changes)
            yield Write("availability", sku, request)

    def _capacity(self, change: CapacityChange, at: datetime) -> Write:
        request = capacity_request(self.network_table, change, at)
        return Write("location", change.location_id, request)


def _guarded_update(
    table: str, key: keys.Key, values: Mapping[str, Any], absent: list[str], version: int
) -> Mapping[str, Any]:
    names = {f"#{i}": name for i, name in enumerate([*values, *absent])}
    sets = ", ".join(f"#{i} = :{i}" for i in range(len(values)))
    removes = ", ".join(f"#{len(values) + i}" for i in range(len(absent)))
    attributes = {f":{i}": attribute(value) for i, value in enumerate(values.values())}
    condition = "attribute_not_exists(order_id)"
    if version:
        condition, attributes[":read"] = "#version = :read", attribute(version)
        names["#version"] = "version"
    return {
        "Update": {
            "TableName": table,
            "Key": marshal(key),
            "UpdateExpression": f"SET {sets}" + (f" REMOVE {removes}" if removes else ""),
            "ConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": attributes,
        }
    }
