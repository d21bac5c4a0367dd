"""An order too large for one transaction: reserved step by step under a plan, then assigned.

The work appears with the last step, in one transaction with the order; until then nothing is
visible but reserved stock, which is given back step by step if the plan fails. Whoever finds the
plan open goes on where the last attempt stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dom.errors import Busy, CommitRefused, Conflict
from dom.model.commit import MAX_WRITES, Commit, PlanRecord, PlanStatus
from dom.model.history import append
from dom.model.location_state import LocationState
from dom.model.order import HoldReason, Order
from dom.model.stock import Cause, StockChange
from dom.routing.groups import allocations
from dom.routing.ports import Routing
from dom.routing.proposal import ACTOR, Proposal, after_routing, capacity_of

POSITIONS_PER_STEP = 45
P = PlanStatus


def begin(proposal: Proposal, states: dict[str, LocationState], ports: Routing) -> bool:
    """Record the plan with the order and carry it out; False if it must be delivered again."""
    before = proposal.before
    capacity = capacity_of(proposal.works, states)
    last = 2 + len(proposal.works) + len(proposal.decisions) + len(capacity)
    if last > MAX_WRITES:
        return _hold(before, len(proposal.works), ports)
    plan_id = f"{before.order_id}-v{before.version}"  # another attempt is another plan
    plan = PlanRecord(plan_id, before.order_id, P.PLANNED, proposal.works, proposal.decisions)
    order = replace(before, open_plan=plan_id)
    try:
        ports.ledger.commit(_commit(plan, "begin", ports, orders=(order,), plans=(plan,)))
    except (Busy, CommitRefused):  # the order changed meanwhile, maybe in nothing that routes it
        return False
    return _carry_on(replace(plan, version=1), ports)


def resume(order: Order, ports: Routing) -> bool:
    """Carry on with the order's open plan, whatever stage it was left in; False if it failed."""
    plan = ports.orders.plan(order.order_id, order.open_plan or "")
    return plan is not None and _carry_on(plan, ports)


def _carry_on(plan: PlanRecord, ports: Routing) -> bool:
    try:
        if plan.status is P.PLANNED:
            plan = _reserve(plan, ports)
        if plan.status is P.ABORTING:
            _give_back(plan, ports)
    except (Busy, CommitRefused):
        return False
    return True


def _reserve(plan: PlanRecord, ports: Routing) -> PlanRecord:
    """Take the stock step by step, then assign; the plan is ABORTING if anything is not there."""
    chunks = _chunks(plan)
    try:
        while plan.steps_done < len(chunks):
            plan = _step(plan, chunks[plan.steps_done], 1, ports)
        return _assign(plan, ports)
    except CommitRefused as refused:
        if any(conflict.kind == "plan" for conflict in refused.conflicts):
            raise  # somebody else is carrying on with it
        aborting = replace(plan, status=P.ABORTING)
        ports.ledger.commit(_commit(plan, "abort", ports, plans=(aborting,)))
        return replace(aborting, version=plan.version + 1)


def _give_back(plan: PlanRecord, ports: Routing) -> None:
    """Undo the steps done, the last one first, and open the order for routing again."""
    chunks = _chunks(plan)
    while plan.steps_done:
        released = tuple(
            replace(one, cause=Cause.RELEASE, reserved=-one.reserved, takes_available=False)
            for one in chunks[plan.steps_done - 1]
        )
        plan = _step(plan, released, -1, ports)
    order = ports.orders.load(plan.order_id)
    ours = order is not None and order.open_plan == plan.id
    orders = (replace(order, open_plan=None),) if order and ours else ()
    aborted = replace(plan, status=P.ABORTED)
    ports.ledger.commit(_commit(plan, "aborted", ports, orders=orders, plans=(aborted,)))


def _step(
    plan: PlanRecord, stock: Sequence[StockChange], direction: int, ports: Routing
) -> PlanRecord:
    done = replace(plan, steps_done=plan.steps_done + direction)
    name = f"step{plan.version}"
    ports.ledger.commit(_commit(plan, name, ports, stock=tuple(stock), plans=(done,)))
    return replace(done, version=plan.version + 1)


def _assign(plan: PlanRecord, ports: Routing) -> PlanRecord:
    """The last step: the work, the decisions and the order, as the plan has them."""
    order = ports.orders.load(plan.order_id)
    if order is None or order.version != plan.decisions[0].order_version + 1:
        raise CommitRefused((Conflict("order", plan.order_id, None),))
    after = after_routing(order, plan.works, ports.clock(), ports.look_again_after)
    after = replace(after, open_plan=None, decisions=order.decisions + len(plan.decisions))
    done = replace(plan, status=P.COMMITTED)
    commit = _commit(plan, "assign", ports, orders=(after,), plans=(done,))
    places = {work.location_id for work in plan.works}
    states = {place: LocationState(open=False) for place in places} | ports.places.states(places)
    capacity = capacity_of(plan.works, states)
    ports.ledger.commit(
        replace(commit, fulfillment_orders=plan.works, decisions=plan.decisions, capacity=capacity)
    )
    return replace(done, version=plan.version + 1)


def _chunks(plan: PlanRecord) -> list[tuple[StockChange, ...]]:
    """The plan's stock in steps: the same ones whenever they are asked for."""
    order = Order(plan.order_id, "", "", "", "", plan.decisions[0].at)
    stock = allocations([Proposal(order, order, plan.works)])
    return [
        stock[start : start + POSITIONS_PER_STEP]
        for start in range(0, len(stock), POSITIONS_PER_STEP)
    ]


def _commit(plan: PlanRecord, name: str, ports: Routing, **changes: object) -> Commit:
    return Commit(f"{plan.id}:{name}", ports.clock(), ACTOR, **changes)  # type: ignore[arg-type]


def _hold(order: Order, parcels: int, ports: Routing) -> bool:
    """More places than one transaction can assign: a person decides how to split the order."""
    now, detail = ports.clock(), f"would take {parcels} locations: split it or cancel lines"
    reason = HoldReason.MANUAL
    history = append(order.history, now, "OrderHeld", ACTOR, reason=reason.value, detail=detail)
    held = replace(order, hold_reason=reason, hold_detail=detail, history=history)
    commit = Commit(f"{order.order_id}:hold:{order.version}", now, ACTOR, orders=(held,))
    try:
        ports.ledger.commit(commit)
    except CommitRefused:
        return True  # changed meanwhile: its change brings it here again
    except Busy:
        return False
    return True
