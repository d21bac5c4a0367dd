"""TimeoutSeconds of a wait: the execution fails where ops see it; the goods go on without it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from dom.model.fulfillment import FulfillmentStatus
from dom.model.order import Bucket
from dom.model.return_terms import Condition, ReturnStatus
from support.code import ROOT
from support.executions import Execution
from support.happenings import shop
from support.waiting import Floored, Returned

Check = Callable[[], None]


def _waits() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.glob("statemachines/*.asl.json")):
        for name, state in json.loads(path.read_text())["States"].items():
            if state.get("Resource", "").endswith(".waitForTaskToken"):
                assert state["TimeoutSeconds"] >= 30 * 24 * 3600
                yield path.name.partition(".")[0], name


def fulfillment_order(*done: str) -> tuple[Execution, str, Check]:
    """Work whose execution gives up after these actions, and is shipped then."""
    world = Floored(shop(FulfillmentStatus.ASSIGNED, Bucket.ALLOCATED))
    story = (world.act(action) for action in done)
    run = Execution("fulfillment_order", world.step, world.relayed, story)

    def goes_on() -> None:
        for action in ("accept", "pick", "pack", "ship", "deliver")[len(done) :]:
            world.act(action)
            run.relay()
        assert world.order.lines[0].buckets == {Bucket.DELIVERED: 1}

    return run, "ord_a-1", goes_on


def a_return() -> tuple[Execution, str, Check]:
    """A return whose execution gives up, and whose goods come after all."""
    case = Returned(lambda case: iter(()))

    def goes_on() -> None:
        case.world.receive(case.record, {"1": 2})
        case.world.inspect(case.record, [("1", 2, Condition.NEW)])
        case.run.relay()
        # What it redrives into: the refund is owed, and paid once.
        assert case.world.settle(case.record).status is ReturnStatus.CLOSED
        assert len(case.world.shop.paid) == 1

    return case.run, case.id, goes_on


CASES: dict[tuple[str, str], Callable[[], tuple[Execution, str, Check]]] = {
    ("fulfillment_order", "ReleaseAndAwaitAcceptance"): fulfillment_order,
    ("fulfillment_order", "AwaitShipment"): lambda: fulfillment_order("accept"),
    ("return", "AwaitGoods"): a_return,
}


def test_every_wait_of_the_state_machines_is_tried() -> None:
    assert set(_waits()) == set(CASES)


@pytest.mark.parametrize("wait", CASES)
def test_an_execution_that_gives_up_is_seen_and_what_comes_then_is_harmless(
    wait: tuple[str, str],
) -> None:
    run, name, goes_on = CASES[wait]()
    assert run.run(name) == "States.Timeout" and run.seen[-1] == wait[1]
    goes_on()
    assert run.tokens[-1] in run.aws.refused and run.aws.answer is None
