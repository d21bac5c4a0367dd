"""What a location, a person or a schedule does to one FulfillmentOrder: decide, commit, again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from dom.errors import Busy, CommitRefused, NotFound, Outdated
from dom.fulfillment.advance import advance
from dom.fulfillment.change import Change, commits
from dom.fulfillment.give_up import confirm_cancel, expire, refuse_cancel, reject
from dom.fulfillment.ports import Floor
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, Parcel, RejectReason
from dom.model.order import Order

ATTEMPTS = 6
KEPT_REQUESTS = 20


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """Body of a floor action. A repeated `request_id` changes nothing and answers the same.

    `lines`: units by line id, for a partial reject. `expected_version`: refuse if somebody else
    was there first.
    """

    request_id: str = ""
    lines: Mapping[str, int] | None = None
    parcels: tuple[Parcel, ...] = ()
    reason: RejectReason | None = None
    expected_version: int | None = None


Decide = Callable[[FulfillmentOrder, Order], Change | None]

_TARGETS = {
    "accept": FulfillmentStatus.ACCEPTED,
    "pick": FulfillmentStatus.PICKING,
    "pack": FulfillmentStatus.PACKED,
    "ship": FulfillmentStatus.SHIPPED,
    "deliver": FulfillmentStatus.DELIVERED,
}
_ANSWERS = {"confirm-cancel": confirm_cancel, "refuse-cancel": refuse_cancel}
ACTIONS = (*_TARGETS, "reject", *_ANSWERS)


def perform(
    action: str,
    fulfillment_order_id: str,
    request: ActionRequest,
    actor: str,
    allowed_locations: frozenset[str] | None,
    floor: Floor,
) -> FulfillmentOrder:
    """Carry out a floor action and return the FulfillmentOrder as it is then.

    `allowed_locations` None: any. NotFound also for another location's work; IllegalTransition
    names the state found; InvalidInput the field; Busy after too many conflicts.
    """

    def decide(work: FulfillmentOrder, order: Order) -> Change | None:
        if allowed_locations is not None and work.location_id not in allowed_locations:
            raise NotFound("fulfillment order", fulfillment_order_id)
        if request.request_id and request.request_id in work.requests:
            return None
        if request.expected_version not in (None, work.version):
            seen = request.expected_version or 0
            raise Outdated("fulfillment order", work.id, seen, work.version)
        return _remember(_decide(action, work, order, request, actor, floor), request.request_id)

    return change_work(fulfillment_order_id, decide, floor)


def change_work(fulfillment_order_id: str, decide: Decide, floor: Floor) -> FulfillmentOrder:
    """Read, decide, commit; with the truth read again when somebody else was faster.

    `decide` returns None when there is nothing to do.
    """
    for _ in range(ATTEMPTS):
        work, order = _read(fulfillment_order_id, floor)
        change = decide(work, order)
        if change is None:
            return work
        try:
            for commit in commits(change, work):
                floor.ledger.commit(commit)
                work = commit.fulfillment_orders[0]
        except CommitRefused:
            continue
        return replace(work, version=work.version + 1)
    raise Busy(f"fulfillment order {fulfillment_order_id} keeps changing")


def expire_work(fulfillment_order_id: str, floor: Floor) -> FulfillmentOrder:
    """Take the work away if its service level has run out; otherwise leave it as it is."""

    def decide(work: FulfillmentOrder, order: Order) -> Change | None:
        late = work.due_at is not None and work.due_at <= floor.clock()
        return expire(work, order, floor) if late and work.status in _EXPIRABLE else None

    return change_work(fulfillment_order_id, decide, floor)


_EXPIRABLE = frozenset(
    {FulfillmentStatus.RELEASED, FulfillmentStatus.ACCEPTED, FulfillmentStatus.PICKING}
)


def _decide(
    action: str,
    work: FulfillmentOrder,
    order: Order,
    request: ActionRequest,
    actor: str,
    floor: Floor,
) -> Change:
    if action == "reject":
        reason = request.reason or RejectReason.NO_VARIANCE
        return reject(work, order, reason, request.lines, floor, actor)
    if action in _ANSWERS:
        return _ANSWERS[action](work, order, floor, actor)
    if action not in _TARGETS:
        raise NotFound("action", action)
    return advance(work, order, _TARGETS[action], floor, actor, request.parcels)


def _remember(change: Change, request_id: str) -> Change:
    if not request_id:
        return change
    requests = (*change.work.requests, request_id)[-KEPT_REQUESTS:]
    return replace(change, work=replace(change.work, requests=requests))


def _read(fulfillment_order_id: str, floor: Floor) -> tuple[FulfillmentOrder, Order]:
    work = floor.orders.fulfillment_order(fulfillment_order_id)
    order = floor.orders.load(work.order_id) if work else None
    if work is None or order is None:
        raise NotFound("fulfillment order", fulfillment_order_id)
    return work, order
