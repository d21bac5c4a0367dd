"""Capacity as an item of a transaction: slots and effort of a day, beside the open flag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from dom.aws import keys
from dom.aws.dynamo import marshal
from dom.model.clock import to_text
from dom.model.commit import CapacityChange, ReturnLoad

# Counters of days long past are dropped as new ones are written.
_STALE_DAYS = range(2, 9)


# What a location is bounded by: the counter of a day's rest, and the attribute of the bound.
LEFT, EFFORT = "left", "effort"
BOUNDS = {LEFT: "daily_capacity", EFFORT: "daily_effort"}


def day_name(counter: str, day: date) -> str:
    """The attribute that holds what is left of a location's slots or effort on a local day."""
    return f"{counter}#{day.isoformat()}"


def capacity_request(table: str, change: CapacityChange, at: datetime) -> Mapping[str, Any]:
    """Take or give back slots and effort; taking checks at that instant whether it is open, as ops
    may have just changed it.

    One attribute a day, so that the first taking of a day starts from the daily bound without
    a second write, and what is given back late reaches its own day.
    """
    made = _Request()
    if change.must_be_open:
        made.ask_open(at)
    elif change.forced:
        made.conditions.append("attribute_exists(pk)")
    if change.while_over:
        made.ask_over(change.day)
    for counter in (
        _Counter(LEFT, change.units, change.daily_capacity),
        _Counter(EFFORT, change.effort, change.daily_effort),
    ):
        if counter.by > 0:
            made.take(counter, change.day, change.forced)
        elif counter.by < 0:
            made.give_back(counter, change.day)
    return made.on({"TableName": table, "Key": marshal(keys.location_state(change.location_id))})


def load_request(table: str, load: ReturnLoad) -> Mapping[str, Any]:
    """Count returned units up or down; of a location that is there, else of nobody."""
    return {
        "Update": {
            "TableName": table,
            "Key": marshal(keys.location_state(load.location_id)),
            "UpdateExpression": "ADD #returning :units",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeNames": {"#returning": "returning"},
            "ExpressionAttributeValues": marshal({":units": load.units}),
        }
    }


class _Counter(NamedTuple):
    """What is taken of one bound (`by` > 0) or given back to it; `most` None: unbounded."""

    name: str
    by: int
    most: int | None


@dataclass(slots=True)
class _Request:
    """The clauses of one update of a location's state; without any, only its conditions."""

    conditions: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)
    sets: list[str] = field(default_factory=list)
    adds: list[str] = field(default_factory=list)
    removes: list[str] = field(default_factory=list)

    def ask_open(self, at: datetime) -> None:
        """One that is closed until a time is open from then on, although nobody has written it."""
        self.conditions.append("(#open = :open OR #until <= :at)")
        self.names |= {"#open": "open", "#until": "closed_until"}
        self.values |= {":open": True, ":at": to_text(at)}

    def ask_over(self, day: date) -> None:
        """More of the day must be taken than one of its bounds allows."""
        names = {f"#{name}": day_name(name, day) for name in BOUNDS}
        self.conditions.append(f"({' OR '.join(f'{name} < :none' for name in names)})")
        self.names |= names
        self.values[":none"] = 0

    def take(self, counter: _Counter, day: date, forced: bool) -> None:
        """Lower a day's rest, if the bound is as it was read and enough is left (or `forced`)."""
        name, by, most = counter
        bound = BOUNDS[name]
        if most is None:
            self.conditions.append(f"attribute_not_exists({bound})")
            return
        left = f"#{name} >= :{name}"
        if by <= most:
            left = f"(attribute_not_exists(#{name}) OR {left})"
        self.conditions += [f"{bound} = :{bound}", *([] if forced else [left])]
        self.values |= {f":{bound}": most, f":{name}": by}
        self.sets.append(f"#{name} = if_not_exists(#{name}, :{bound}) - :{name}")
        self._days(name, day)

    def give_back(self, counter: _Counter, day: date) -> None:
        """Raise a day's rest."""
        self.values[f":{counter.name}"] = -counter.by
        self.adds.append(f"#{counter.name} :{counter.name}")
        self._days(counter.name, day)

    def _days(self, name: str, day: date) -> None:
        stale = {f"#{name}{n}": day_name(name, day - timedelta(days=n)) for n in _STALE_DAYS}
        self.names |= {f"#{name}": day_name(name, day), **stale}
        self.removes += stale

    def on(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        """The transaction item."""
        request: dict[str, Any] = dict(item)
        # DynamoDB refuses an empty map of either.
        if self.values:
            request["ExpressionAttributeValues"] = marshal(self.values)
        if self.names:
            request["ExpressionAttributeNames"] = self.names
        if self.conditions:
            request["ConditionExpression"] = " AND ".join(self.conditions)
            request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        clauses = {"SET": self.sets, "ADD": self.adds, "REMOVE": self.removes}
        update = " ".join(f"{verb} {', '.join(some)}" for verb, some in clauses.items() if some)
        if not update:
            return {"ConditionCheck": request}
        return {"Update": {**request, "UpdateExpression": update}}
