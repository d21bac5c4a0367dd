"""Plays one scenario against the running stack and waits until its order has settled."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tools.client import Answer, Api, Shop, again
from tools.demo_model import Await, Expect, Json, Scenario, Unexpected, Webhook, Work, live
from tools.demo_orders import Run, fresh

FIRST_WAIT, LONGEST_WAIT = 0.5, 1.5  # seconds between two looks at an order


@dataclass
class Play:
    """One scenario under way. `order` is the newest view of it, None while it is unknown."""

    scenario: Scenario
    api: Api
    shop: Shop
    run: Run
    patience: float = 90.0
    order: Json | None = None
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)
    bodies: dict[str, Json] = field(init=False)

    def __post_init__(self) -> None:
        self.bodies = fresh(self.scenario.events, self.run)

    @property
    def body(self) -> Json:
        """The order as the channel first told it."""
        return self.bodies[self.scenario.events[0]]

    @property
    def name(self) -> str:
        """The order's number and the scenario's title."""
        return f"{self.body['name']} {self.scenario.title}"

    def perform(self) -> None:
        """All steps, then the expectation. What goes wrong stands in `failures` afterwards."""
        begun = time.monotonic()
        try:
            for step in self.scenario.steps:
                self._do(step)
            self._until_it_stands(self.scenario.expect)
        except Unexpected as error:
            self.failures.append(str(error))
        self.seconds = time.monotonic() - begun

    def find(self) -> Json | None:
        """Read the order by the channel's id; Unexpected if that finds more than one."""
        key = str(self.body["id"])
        found = patiently(lambda: self.api.find_order("shopify", key)).json["orders"]
        if len(found) > 1:
            raise Unexpected(f"{len(found)} orders instead of one")
        self.order = found[0] if found else None
        return self.order

    def look(self) -> Json | None:
        """Read the order anew, by our own id once that is known."""
        if self.order is None:
            return self.find()
        order_id = self.order["order_id"]
        self.order = patiently(lambda: self.api.order(order_id)).json
        return self.order

    def still_stands(self) -> bool:
        """Whether the order, found anew and once only, is as the scenario expects."""
        try:
            return not self.scenario.expect.differences(self.find())
        except Unexpected:
            return False

    def _do(self, step: Webhook | Await | Work) -> None:
        match step:
            case Webhook():
                self._deliver(step)
            case Await():
                self._until_it_stands(step.expect)
            case Work():
                self._work(step)

    def _deliver(self, hook: Webhook) -> None:
        body, wanted = self.bodies[hook.event], 401 if hook.forged else 200
        webhook_id = f"{self.run.tag}-{hook.event}"

        def once(_: int) -> int:
            forged = "Zm9yZ2Vk" if hook.forged else None
            return again(
                lambda: self.shop.deliver(hook.topic, body, webhook_id, signed=forged)
            ).status

        with ThreadPoolExecutor(hook.times) as pool:
            statuses = list(pool.map(once, range(hook.times)))
        if statuses != [wanted] * hook.times:
            raise Unexpected(f"webhook {hook.topic} was answered {statuses}, expected {wanted}")

    def _work(self, work: Work) -> None:
        self._until(
            lambda: [fo["status"] for fo in live(self.look() or {})] == [work.when],
            lambda: f"its FulfillmentOrder did not become {work.when}",
        )
        (fulfillment_order,) = live(self.order or {})
        payload = {**work.payload, "request_id": f"{self.run.tag}-{work.action}"}
        patiently(lambda: self.api.act(fulfillment_order["id"], work.action, payload))

    def _until_it_stands(self, expect: Expect) -> None:
        self._until(
            lambda: not expect.differences(self.look()),
            lambda: "; ".join(expect.differences(self.order)),
        )

    def _until(self, holds: Callable[[], bool], otherwise: Callable[[], str]) -> None:
        deadline, wait = time.monotonic() + self.patience, FIRST_WAIT
        while not holds():
            if time.monotonic() > deadline:
                raise Unexpected(f"{otherwise()} (after {self.patience:.0f} s)")
            time.sleep(wait)
            wait = min(LONGEST_WAIT, wait * 1.4)


def patiently(ask: Callable[[], Answer]) -> Answer:
    """The answer, asked for again if need be; Unexpected unless it is a success."""
    answer = again(ask)
    if answer.status >= 300:
        problem = answer.json.get("detail") or answer.body[:200].decode(errors="replace")
        raise Unexpected(f"the API answered {answer.status}: {problem}")
    return answer
