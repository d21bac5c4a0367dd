"""The next state of a FulfillmentOrder and its order, and the commits that bring it about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from dom.errors import IllegalTransition
from dom.model.commit import CapacityChange, Commit
from dom.model.fulfillment import FulfillmentOrder
from dom.model.order import Order
from dom.model.stock import StockChange
from dom.model.work_machine import OPEN

# Positions a step may touch: two items each, and room for order, work and capacity.
POSITIONS_PER_STEP = 45


@dataclass(frozen=True, slots=True)
class Change:
    """One fact about a FulfillmentOrder: the states to be written and what it does to stock.

    `work` and `order` carry the versions they were read with. `frees_capacity`: the location gets
    its slot of that day back.
    """

    name: str
    at: datetime
    actor: str
    work: FulfillmentOrder
    order: Order | None = None
    stock: tuple[StockChange, ...] = ()
    frees_capacity: bool = False


def commits(change: Change, before: FulfillmentOrder) -> Iterator[Commit]:
    """The transactions of a change: one, or for more than 45 positions several, resumable ones.

    Every step but the last writes only stock and the work's progress; `settling` keeps any other
    change away meanwhile. `before` is the work as stored.
    """
    target = change.work.status.value
    if before.settling and before.settling != target:
        wanted = f"{before.settling} (in progress)"
        raise IllegalTransition("fulfillment order", before.id, wanted, target)
    chunks = _chunks(change.stock)
    for step in range(before.settled, len(chunks) - 1):
        before = replace(before, settling=target, settled=step + 1)
        yield _commit(change, step, before, chunks[step])
        before = replace(before, version=before.version + 1)
    work = replace(change.work, settling="", settled=0, version=before.version)
    final = replace(change, work=work)
    last = _commit(final, len(chunks) - 1, work, chunks[-1])
    yield replace(last, orders=(change.order,) if change.order else (), capacity=_freed(final))


def _chunks(stock: tuple[StockChange, ...]) -> list[tuple[StockChange, ...]]:
    size = POSITIONS_PER_STEP
    return [stock[i : i + size] for i in range(0, len(stock), size)] or [()]


def _commit(
    change: Change, step: int, work: FulfillmentOrder, stock: tuple[StockChange, ...]
) -> Commit:
    # A work never returns to a state with the same version, so the name is unique to the fact.
    name = f"{change.work.id}:{change.name}:{change.work.version}:{step}"
    return Commit(name, change.at, change.actor, fulfillment_orders=(work,), stock=stock)


def _freed(change: Change) -> tuple[CapacityChange, ...]:
    work = change.work
    if not change.frees_capacity or work.capacity_day is None:
        return ()
    return (CapacityChange(work.location_id, work.capacity_day, -1, None),)


def is_open(work: FulfillmentOrder) -> bool:
    """Whether the location still has something to do for it."""
    return work.status in OPEN
