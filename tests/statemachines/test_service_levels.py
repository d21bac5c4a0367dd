"""Every clock that runs while an execution waits: it fires, once, and who is late does no harm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from dom.aws.outbox import complete
from dom.errors import IllegalTransition
from dom.fulfillment.actions import expire_work
from dom.model.fulfillment import FulfillmentStatus
from dom.model.order import Bucket, Method
from dom.model.waiting import Outcome
from dom.model.work_machine import OPEN
from support.executions import Execution
from support.happenings import shop
from support.waiting import Floored

Json = dict[str, Any]
S, B = FulfillmentStatus, Bucket
EXPIRED = "FulfillmentOrderExpired"
PACKED = ("accept", "pick", "pack")


@dataclass(frozen=True)
class Case:
    """What the floor does, and then no more; what the clock tells of that, and how it ends.

    `late` is what somebody does in the end about work that no clock may end.
    """

    done: tuple[str, ...] = ()
    told: tuple[str, ...] = (EXPIRED,)
    ends: str = "Rerouted"
    status: FulfillmentStatus = S.EXPIRED
    bucket: Bucket = B.PENDING
    method: Method = Method.SHIP
    late: str = ""


# By the state in which nothing more happens.
CASES = {
    S.ASSIGNED: Case(),
    S.RELEASED: Case(),
    S.ACCEPTED: Case(("accept",)),
    S.PICKING: Case(("accept", "pick")),
    S.PACKED: Case(
        PACKED, ("FulfillmentOrderStalled",) * 2, "Shipped", S.SHIPPED, B.SHIPPED, late="ship"
    ),
    S.CANCEL_REQUESTED: Case(
        (*PACKED, "withdraw"),
        ("FulfillmentOrderStalled",) * 2,
        status=S.CANCELLED,
        bucket=B.CANCELLED,
        late="cancel",
    ),
    S.READY_FOR_PICKUP: Case(
        (*PACKED, "ready"),
        ("CustomerReminded", EXPIRED),
        bucket=B.CANCELLED,
        method=Method.PICKUP,
    ),
    S.ARRIVED: Case((*PACKED, "ready", "arrive"), bucket=B.CANCELLED, method=Method.CURBSIDE),
}
ACTIONS = ("accept", "pick", "pack", "ship", "ready", "arrive", "collect", "reject", "cancel")


def lived(world: Floored, state: S) -> Iterator[None]:
    """It gets to that state and no further; clocks run until one ends it, or a person does."""
    case = CASES[state]
    for action in case.done:
        world.act(action)
        yield
    assert world.work.status is state
    for _ in case.told:
        world.clock()
        if state is S.ASSIGNED:
            # Held, it is looked at again and again; then somebody lets it go.
            world.clock()
            world.ledger.orders["ord_a"] = replace(world.order, hold_reason=None)
            world.clock()
            assert world.work.status is S.RELEASED
            world.clock()
        yield
    if case.late:
        world.act(case.late)
        yield


def played(state: S) -> tuple[Floored, Execution, str]:
    """A whole execution in which that state's clock runs out."""
    world = Floored(shop(S.ASSIGNED, B.ALLOCATED, method=CASES[state].method))
    if state is S.ASSIGNED:
        world.act("hold")
    run = Execution("fulfillment_order", world.step, world.relayed, lived(world, state))
    return world, run, run.run("ord_a-1")


def test_every_state_that_waits_has_a_clock() -> None:
    assert set(CASES) == OPEN


@pytest.mark.parametrize("state", CASES)
def test_its_clock_fires_and_it_ends(state: S) -> None:
    case = CASES[state]
    world, _, end = played(state)
    assert (end, world.work.status) == (case.ends, case.status)
    told = [one.type for one in world.work.history]
    assert [type_ for type_ in told if type_ in {*case.told}] == list(case.told)
    assert state in world.found
    assert world.order.lines[0].buckets == {case.bucket: 1}
    reserved = sum(position.reserved for position in world.ledger.positions.values())
    assert reserved == 0


@pytest.mark.parametrize("state", CASES)
def test_tokens_that_come_late_or_twice_are_harmless(state: S) -> None:
    world, run, _ = played(state)
    stands, answered = world.stands, run.aws.answer
    assert len(run.tokens) == len(set(run.tokens)) >= 1
    for token in run.tokens:
        for late in (Outcome("shipped"), Outcome("rejected", "FulfillmentOrderRejected")):
            complete(run.aws, token, late)
    assert run.aws.refused[-2 * len(run.tokens) :] == [x for x in run.tokens for _ in range(2)]
    assert run.aws.answer is answered and world.stands == stands


@pytest.mark.parametrize("state", [state for state, case in CASES.items() if not case.late])
@pytest.mark.parametrize("action", ACTIONS)
def test_a_location_that_acts_after_its_time_is_told_so_and_changes_nothing(
    state: S, action: str
) -> None:
    world, _, _ = played(state)
    stands = world.stands
    with pytest.raises(IllegalTransition) as refused:
        world.act(action)
    assert refused.value.found == "expired"
    assert world.stands == stands
    expire_work("ord_a-1", world.floor)
    assert world.stands == stands
