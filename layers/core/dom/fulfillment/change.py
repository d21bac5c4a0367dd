"""The next state of a FulfillmentOrder and its order, and the commits that bring it about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from dom.errors import IllegalTransition
from dom.fulfillment.scorecard import counted
from dom.model.commit import Commit, ParcelEntry
from dom.model.fulfillment import FulfillmentOrder
from dom.model.order import Order
from dom.model.parts import freed
from dom.model.stock import Cause, StockChange
from dom.model.work_machine import OPEN

# What a step may write besides order, work and capacity: a transaction has 100 items.
WRITES_PER_STEP = 90


Entry = StockChange | ParcelEntry


@dataclass(frozen=True, slots=True)
class Change:
    """One fact about a FulfillmentOrder: the states to be written and what it does to stock.

    `work` and `order` carry the versions they were read with. `frees_capacity`: the location gets
    its slot of that day back. Effort it gets back whatever becomes of the units that are gone.
    `while_over`: only while that day has more than it can do.
    `others`: work that it changes as well, of one shipment with it.
    """

    name: str
    at: datetime
    actor: str
    work: FulfillmentOrder
    order: Order | None = None
    stock: tuple[StockChange, ...] = ()
    frees_capacity: bool = False
    while_over: bool = False
    parcels: tuple[ParcelEntry, ...] = ()
    others: tuple[FulfillmentOrder, ...] = ()


def commits(change: Change, before: FulfillmentOrder) -> Iterator[Commit]:
    """The transactions of a change: one, or for more than 90 writes several, resumable ones.

    Every step but the last writes only stock, parcels and the work's progress; `settling` keeps any
    other change away meanwhile. `before` is the work as stored.
    """
    target = change.work.status.value
    if before.settling and before.settling != target:
        wanted = f"{before.settling} (in progress)"
        raise IllegalTransition("fulfillment order", before.id, wanted, target)
    chunks = _chunks((*change.stock, *change.parcels))
    for step in range(before.settled, len(chunks) - 1):
        before = replace(before, settling=target, settled=step + 1)
        yield _commit(change, step, before, chunks[step])
        before = replace(before, version=before.version + 1)
    work = replace(change.work, settling="", settled=0, version=before.version)
    final = replace(change, work=work)
    last = _commit(final, len(chunks) - 1, work, chunks[-1])
    orders = (change.order,) if change.order else ()
    tallies = counted(before, work)
    last = replace(last, fulfillment_orders=(work, *change.others))
    freed_slots = freed(before, work, change.frees_capacity)
    capacity = tuple(replace(one, while_over=change.while_over) for one in freed_slots)
    yield replace(last, orders=orders, capacity=capacity, tallies=tallies)


def _chunks(entries: tuple[Entry, ...]) -> list[tuple[Entry, ...]]:
    """The same chunks whenever it is asked, however many of them are written already."""
    chunks: list[tuple[Entry, ...]] = [()]
    room = WRITES_PER_STEP
    for entry in entries:
        if room < _writes(entry):
            chunks.append(())
            room = WRITES_PER_STEP
        chunks[-1] = (*chunks[-1], entry)
        room -= _writes(entry)
    return chunks


def _writes(entry: Entry) -> int:
    """Position and movement; what arrives may need an availability document, too."""
    if isinstance(entry, ParcelEntry):
        return 1
    return 3 if entry.cause is Cause.TRANSFER_IN else 2


def _commit(change: Change, step: int, work: FulfillmentOrder, chunk: tuple[Entry, ...]) -> Commit:
    # A work never returns to a state with the same version, so the name is unique to the fact.
    name = f"{change.work.id}:{change.name}:{change.work.version}:{step}"
    stock = tuple(entry for entry in chunk if isinstance(entry, StockChange))
    parcels = tuple(entry for entry in chunk if isinstance(entry, ParcelEntry))
    commit = Commit(name, change.at, change.actor, fulfillment_orders=(work,))
    return replace(commit, stock=stock, parcels=parcels)


def is_open(work: FulfillmentOrder) -> bool:
    """Whether the location still has something to do for it."""
    return work.status in OPEN
