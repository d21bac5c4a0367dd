"""One fact about a return: read, decide, commit; and again if others were faster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from dom.errors import Busy, CommitRefused, InvalidInput, NotFound
from dom.model.commit import Claim, Commit, PersonalData, ReturnLoad
from dom.model.fulfillment import FulfillmentOrder
from dom.model.order import Order
from dom.model.return_terms import EXPECTED, ReturnStatus
from dom.model.rma import Return
from dom.model.stock import StockChange
from dom.model.tally import Tally
from dom.returns.ports import Returning

ATTEMPTS = 6
KEPT_REQUESTS = 20
# To inspect, or on the way there: what counts as a location's backlog.
_LOADING = EXPECTED | {ReturnStatus.RECEIVED, ReturnStatus.INSPECTED}


@dataclass(frozen=True, slots=True)
class Change:
    """The states to be written, with the versions they were read with, and what it does to stock.

    `others` are orders besides the return's own, with their work and personal data (exchanges).
    """

    name: str
    at: datetime
    actor: str
    record: Return
    order: Order | None = None
    stock: tuple[StockChange, ...] = ()
    others: tuple[Order, ...] = ()
    works: tuple[FulfillmentOrder, ...] = ()
    personal: tuple[PersonalData, ...] = ()
    claims: tuple[Claim, ...] = ()
    tallies: tuple[Tally, ...] = ()


Decide = Callable[[Return, Order], Change | None]


def change_return(name: str, decide: Decide, ports: Returning) -> Return:
    """Carry out a change and give the return after it; `decide` gives None to leave it as it is.

    NotFound: there is no such return; InvalidInput: a parcel's number is another return's; Busy:
    others changed it again and again.
    """
    for _ in range(ATTEMPTS):
        record = ports.orders.rma(name)
        order = ports.orders.load(record.order_id) if record else None
        if record is None or order is None:
            raise NotFound("return", name)
        change = decide(record, order)
        if change is None:
            return record
        try:
            return write(change, record, ports)
        except CommitRefused as refused:
            if any(conflict.kind == "claim" for conflict in refused.conflicts):
                raise InvalidInput("tracking_number", "another parcel has it") from None
    raise Busy(f"return {name} keeps changing")


def write(change: Change, before: Return | None, ports: Returning) -> Return:
    """Commit the change with the backlog that follows from it; the return as it is then.

    CommitRefused when something was changed by others. `before`: the return as stored, if it is.
    """
    record, loads = _loaded(change.record, before)
    # A return never comes back to a state with the same version: the name is unique to the fact.
    name = f"{record.id}:{change.name}:{record.version}"
    ports.ledger.commit(
        Commit(
            name,
            change.at,
            change.actor,
            orders=((change.order,) if change.order else ()) + change.others,
            fulfillment_orders=change.works,
            stock=change.stock,
            personal=change.personal,
            claims=change.claims,
            returns=(record,),
            loads=loads,
            tallies=change.tallies,
        )
    )
    return replace(record, version=record.version + 1)


def remembered(change: Change, request_id: str) -> Change:
    """The change with the request that asked for it noted, so that its repeat is recognized."""
    if not request_id:
        return change
    requests = (*change.record.requests, request_id)[-KEPT_REQUESTS:]
    return replace(change, record=replace(change.record, requests=requests))


def _loaded(record: Return, before: Return | None) -> tuple[Return, tuple[ReturnLoad, ...]]:
    """The return with the units it adds to its location's backlog, and how backlogs change."""
    load = _to_inspect(record) if record.location_id else 0
    deltas: dict[str, int] = {}
    if before and before.location_id:
        deltas[before.location_id] = -before.load
    if record.location_id:
        deltas[record.location_id] = deltas.get(record.location_id, 0) + load
    loads = tuple(ReturnLoad(where, n) for where, n in deltas.items() if n)  # type: ignore[arg-type]
    return replace(record, load=load), loads


def _to_inspect(record: Return) -> int:
    if record.status not in _LOADING or record.kept:
        return 0
    return record.to_inspect + sum(x.outstanding for x in record.lines)
