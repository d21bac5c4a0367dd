"""Whatever call fails, or is the last that a worker makes: the event is told, or kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from dom.subscriptions.deliver import deliver
from dom.subscriptions.ports import Answer, Delivery
from support.builders import NOW
from support.subscribing import World, event


class Killed(Exception):
    """The worker is gone; its message comes again."""


class Chaos:
    """Every call is counted; one of them fails before or after it was carried out."""

    def __init__(self, world: World, at: int, after: bool) -> None:
        self.left, self.after, self.happened = at, after, False
        for owner, name in (
            (world, "tell"),
            (world, "later"),
            (world, "keep"),
            (world.store, "save"),
            (world.store, "failed"),
            (world.store, "recovered"),
        ):
            setattr(owner, name, self.wrapped(getattr(owner, name)))

    def wrapped(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call, unless it is the one."""

        def made(*arguments: Any) -> Any:
            self.left -= 1
            if self.left != 0:
                return call(*arguments)
            self.happened = True
            if self.after:
                call(*arguments)
            raise Killed

        return made


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 8))
@pytest.mark.parametrize(
    "answers", [(204,), (500, 204), (500, 500, 500, 204), (410,), (429, 204)], ids=str
)
def test_an_event_is_never_lost(answers: tuple[int, ...], at: int, after: bool) -> None:
    world = World()
    world.subscribe("sub_a")
    said = iter(answers)

    def tell(found: Any, told: Any) -> Answer:
        world.told.append((found.id, told["event_id"], world.now))
        status = next(said, answers[-1])
        if 200 <= status < 300:
            taken.append(told["event_id"])
        return Answer(status)

    taken: list[str] = []
    world.tell = tell  # type: ignore[method-assign]
    chaos = Chaos(world, at, after)
    world.waiting.append((NOW, Delivery("sub_a", event(), NOW)))
    while world.waiting:
        moment, delivery = world.waiting.pop(0)
        world.now = max(world.now, moment)
        try:
            deliver(delivery, world.desk)
        except Killed:
            world.waiting.append((world.now + timedelta(minutes=3), delivery))
    kept = [one.event["event_id"] for one in world.dead]
    assert taken or kept
    assert set(taken) | set(kept) == {event()["event_id"]}
    if not chaos.happened:
        assert len(taken) + len(kept) == 1
