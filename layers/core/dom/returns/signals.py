"""What returns say of customers, goods and places: scores, and rates that pass a threshold.

Counts are added in the commit that they are of, so each fact counts once however often it is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dom.model.fulfillment import FulfillmentOrder
from dom.model.ids import LocationId
from dom.model.return_policy import ReturnPolicy
from dom.model.return_terms import ReturnReason
from dom.model.rma import Grade, Return, noted
from dom.model.tally import Tally, TallyScope, period_of
from dom.returns.ports import Tallies

# Points of a customer's score, 0 to 100.
POINTS = {"returns": 4, "missing": 25, "wrong": 25}
# Reasons that speak of the goods or of who packed them, not of taste.
FAULTS = (ReturnReason.DEFECTIVE, ReturnReason.NOT_AS_DESCRIBED, ReturnReason.WRONG_ITEM)
FLAGS = {"returns": "serial_returner", "missing": "empty_box_before", "wrong": "wrong_item_before"}


# With everything else of a request they fit one transaction; an order so scattered is rare.
MOST_TALLIES = 60


@dataclass(frozen=True, slots=True)
class Score:
    """How much a person should look at a customer's return: 0 (nothing known) to 100, and why."""

    points: int = 0
    flags: tuple[str, ...] = ()


def score(tally: Tally) -> Score:
    """4 points for each return of the year, 25 for each unit that was missing or another thing.

    It never falls as counts rise. A flag names each kind that brings 25 points or more.
    """
    parts = {name: points * tally.count(name) for name, points in POINTS.items()}
    flags = tuple(FLAGS[name] for name, points in parts.items() if points >= 25)
    return Score(min(100, sum(parts.values())), flags)


def asked(record: Return, works: Iterable[FulfillmentOrder], at: datetime) -> tuple[Tally, ...]:
    """What a request adds: reasons by SKU and by the locations that sent it; the customer."""
    senders = _senders(works)
    found: dict[tuple[TallyScope, str], Tally] = {}
    for line in record.lines:
        counts = {"units": line.quantity, f"reason#{line.reason.value}": line.quantity}
        keys = [(TallyScope.SKU, str(line.sku))] if line.sku else []
        keys += [(TallyScope.LOCATION, str(x)) for x in sorted(senders.get(line.line_id, ()))]
        for scope, key in keys:
            known = found.get((scope, key)) or Tally(scope, key, period_of(scope, at))
            found[scope, key] = known.plus(counts)
    units = sum(line.quantity for line in record.lines)
    counted = tuple(found.values())[:MOST_TALLIES]
    return (*counted, *_of_customer(record, {"returns": 1, "units": units}, at))


def received(record: Return, missing: int, wrong: int, at: datetime) -> tuple[Tally, ...]:
    """What a receipt adds to the customer: units that never came, things that nobody sent them."""
    counts = {name: n for name, n in (("missing", missing), ("wrong", wrong)) if n}
    return _of_customer(record, counts, at)


def graded(grades: Iterable[Grade], at: datetime) -> tuple[Tally, ...]:
    """What an inspection adds: conditions by SKU."""
    found: dict[str, Tally] = {}
    for grade in grades:
        if grade.sku:
            known = found.get(grade.sku) or Tally(
                TallyScope.SKU, grade.sku, period_of(TallyScope.SKU, at)
            )
            found[grade.sku] = known.plus({f"condition#{grade.condition.value}": grade.quantity})
    return tuple(found.values())


def with_alerts(
    record: Return,
    added: Iterable[Tally],
    tallies: Tallies,
    policy: ReturnPolicy,
    at: datetime,
) -> Return:
    """The return with a ReturnSignalRaised for each SKU or location that it carries over the line.

    The rate of a month: returned units with a reason that is a fault, of all that were returned.
    """
    for more in added:
        if more.scope is TallyScope.CUSTOMER:
            continue
        before = tallies.tallies(more.scope, [more.key], more.period)[more.key]
        after = before.plus(more.counts)
        if _alarming(after, policy) and not _alarming(before, policy):
            told = {
                "scope": more.scope.value,
                "key": more.key,
                "period": more.period,
                "units": after.count("units"),
                "faults": faults(after),
            }
            record = noted(record, at, "ReturnSignalRaised", "returns", **told)
    return record


def faults(tally: Tally) -> int:
    """Units that came back for a reason that is a fault."""
    return sum(tally.count(f"reason#{reason.value}") for reason in FAULTS)


def _alarming(tally: Tally, policy: ReturnPolicy) -> bool:
    units = tally.count("units")
    return units >= policy.alert_units and faults(tally) * 100 >= policy.alert_percent * units


def _of_customer(record: Return, counts: dict[str, int], at: datetime) -> tuple[Tally, ...]:
    if not record.customer_key or not counts:
        return ()
    scope = TallyScope.CUSTOMER
    return (Tally(scope, record.customer_key, period_of(scope, at), counts),)


def _senders(works: Iterable[FulfillmentOrder]) -> dict[str, set[LocationId]]:
    found: dict[str, set[LocationId]] = {}
    for work in works:
        for line in work.lines:
            found.setdefault(line.line_id, set()).add(work.location_id)
    return found
