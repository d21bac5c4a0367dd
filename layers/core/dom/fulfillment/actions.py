"""What a location, a person or a schedule does to one FulfillmentOrder: decide, commit, again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dom.errors import Busy, CommitRefused, NotFound, Outdated
from dom.fulfillment.change import Change, commits, is_open
from dom.fulfillment.deeds import DEEDS, ActionRequest
from dom.fulfillment.give_up import expire
from dom.fulfillment.hand_over import never_collected
from dom.fulfillment.keep import remind
from dom.fulfillment.ports import Floor
from dom.fulfillment.release import release
from dom.fulfillment.stalled import stalled
from dom.fulfillment.together import parted
from dom.fulfillment.undelivered import unheard_of
from dom.model.cancelled import cancel_told
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.order import Order
from dom.model.payment import followed_up

ATTEMPTS = 6
KEPT_REQUESTS = 20

S = FulfillmentStatus
_EXPIRABLE = frozenset({S.RELEASED, S.ACCEPTED, S.PICKING})
_PACKED = frozenset({S.PACKED, S.CANCEL_REQUESTED})
_KEPT = frozenset({S.READY_FOR_PICKUP, S.ARRIVED})


Decide = Callable[[FulfillmentOrder, Order], Change | None]


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

    deed = DEEDS.get(action)
    if deed is None:
        raise NotFound("action", action)

    def decide(work: FulfillmentOrder, order: Order) -> Change | None:
        if not admitted(work, request, allowed_locations):
            return None
        change = deed(work, order, request, floor, actor)
        return replace(change, work=remembered(change.work, request.request_id))

    return change_work(fulfillment_order_id, decide, floor)


def admitted(
    work: FulfillmentOrder, request: ActionRequest, allowed_locations: frozenset[str] | None
) -> bool:
    """False: the request was served already. NotFound: the work is another location's. Outdated: it
    is not as the caller saw it.
    """
    if allowed_locations is not None and allowed_locations.isdisjoint(work.places):
        raise NotFound("fulfillment order", work.id)
    if request.request_id and request.request_id in work.requests:
        return False
    if request.expected_version not in (None, work.version):
        seen = request.expected_version or 0
        raise Outdated("fulfillment order", work.id, seen, work.version)
    return True


def change_work(fulfillment_order_id: str, decide: Decide, floor: Floor) -> FulfillmentOrder:
    """Read, decide, commit; with the truth read again when somebody else was faster.

    `decide` returns None when there is nothing to do.
    """
    for _ in range(ATTEMPTS):
        work, order = read = _read(fulfillment_order_id, floor)
        try:
            change = decide(work, order)
        except ValueError:
            # One is read after the other: somebody may have moved both in between.
            if read == _read(fulfillment_order_id, floor):
                raise
            continue
        if change is None:
            return work
        change = _leaving(with_news(change, order), work, floor)
        try:
            for commit in commits(change, work):
                floor.ledger.commit(commit)
                work = commit.fulfillment_orders[0]
        except CommitRefused:
            continue
        return replace(work, version=work.version + 1)
    raise Busy(f"fulfillment order {fulfillment_order_id} keeps changing")


def with_news(change: Change, before: Order) -> Change:
    """The change whose order tells what is cancelled of it since, and what of its money is due."""
    if change.order is None:
        return change
    told = cancel_told(before, change.order, change.at, change.actor)
    said = {"fulfillment_order_id": change.work.id}
    return replace(change, order=followed_up(told, change.at, change.actor, **said))


def expire_work(fulfillment_order_id: str, floor: Floor) -> FulfillmentOrder:
    """Do what is due of the work: end it, tell of it, remind the customer; else leave it."""

    def decide(work: FulfillmentOrder, order: Order) -> Change | None:
        late = work.due_at is not None and work.due_at <= floor.clock()
        return _overdue(work, order, floor) if late else None

    return change_work(fulfillment_order_id, decide, floor)


def _overdue(work: FulfillmentOrder, order: Order, floor: Floor) -> Change | None:
    if work.status in _EXPIRABLE:
        return expire(work, order, floor)
    if work.status in _PACKED:
        return stalled(work, floor)
    if work.status is S.ASSIGNED:
        # Its execution has begun and waits: the order was held when its time came.
        return release(work, order, floor) if work.task_token else None
    if work.status is S.SHIPPED:
        return unheard_of(work, order, floor)
    if work.status not in _KEPT or work.pickup is None:
        return None
    if work.due_at != work.pickup.until and floor.clock() < work.pickup.until:
        return remind(work, work.pickup, floor.clock())
    return never_collected(work, order, floor)


def _leaving(change: Change, before: FulfillmentOrder, floor: Floor) -> Change:
    """The change with the other members of a shipment that it leaves, which stay whole."""
    if not before.together or change.work.together or not is_open(before):
        return change
    rest = [one for name in before.companions if (one := floor.orders.fulfillment_order(name))]
    others = parted(before, rest, change.at, change.actor)
    return replace(change, others=(*change.others, *others))


def remembered(work: FulfillmentOrder, request_id: str) -> FulfillmentOrder:
    """The work with the request noted as served, if it has a name."""
    if not request_id or request_id in work.requests:
        return work
    return replace(work, requests=(*work.requests, request_id)[-KEPT_REQUESTS:])


def _read(fulfillment_order_id: str, floor: Floor) -> tuple[FulfillmentOrder, Order]:
    work = floor.orders.fulfillment_order(fulfillment_order_id)
    order = floor.orders.load(work.order_id) if work else None
    if work is None or order is None:
        raise NotFound("fulfillment order", fulfillment_order_id)
    return work, order
