"""What goes on while an execution waits: one work on its floor, one return on its way home."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from dom.fulfillment.actions import expire_work, perform
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.ports import Floor
from dom.fulfillment.waiting import wait_for
from dom.fulfillment.withdraw import withdraw_units
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, RejectReason
from dom.model.order import HoldReason, Order
from dom.model.return_terms import ReturnStatus
from dom.model.rma import Return
from dom.model.waiting import Outcome, outcome, outcome_of_return
from dom.returns import decide
from dom.returns import waiting as returns
from dom.returns.labelling import prepare
from support.builders import NOW
from support.executions import Execution
from support.fakes import FakeLedger
from support.returning import World, delivered

Json = dict[str, Any]
Story = Callable[["Returned"], Iterator[None]]


@dataclass
class Floored:
    """One work, the clock, and everybody who acts on it."""

    ledger: FakeLedger
    now: datetime = NOW
    found: list[FulfillmentStatus] = field(default_factory=list)

    @property
    def floor(self) -> Floor:
        ledger = self.ledger
        return Floor(ledger, ledger, ledger, ledger, lambda: self.now)

    @property
    def work(self) -> FulfillmentOrder:
        return self.ledger.works["ord_a-1"]

    @property
    def order(self) -> Order:
        return self.ledger.orders["ord_a"]

    @property
    def stands(self) -> object:
        """Everything that somebody who is late must not change."""
        ledger = self.ledger
        return deepcopy((ledger.orders, ledger.works, ledger.positions))

    def act(self, action: str) -> None:
        """Of the floor; or of a person or the channel, on the order."""
        if action == "hold":
            self.ledger.orders["ord_a"] = replace(self.order, hold_reason=HoldReason.MANUAL)
        elif action == "withdraw":
            self.ledger.orders["ord_a"] = replace(self.order, withdraw={"1": 1})
            withdraw_units("ord_a", self.floor)
        else:
            reason = RejectReason.DAMAGED if action == "reject" else None
            request = ActionRequest(reason=reason, identity_checked=action == "collect")
            perform(action, "ord_a-1", request, "ana", None, self.floor)

    def clock(self) -> None:
        """Its time comes, and two sweeps see that at once."""
        due, seen = self.work.due_at, len(self.work.history)
        assert due is not None, f"nothing ends {self.work.status}"
        self.found.append(self.work.status)
        self.now = max(self.now, due)
        expire_work("ord_a-1", self.floor)
        stands = self.stands
        expire_work("ord_a-1", self.floor)
        assert self.stands == stands
        # It is not looked at again at once, and not twice told of.
        assert self.work.due_at is None or self.work.due_at > self.now
        assert len(self.work.history) <= seen + 1

    def step(self, event: Json) -> tuple[Json, Outcome | None]:
        """As functions/fulfillment_tasks."""
        result = wait_for(event["id"], event["awaited"], event["task_token"], self.floor)
        return {"waiting": result is None}, result

    def relayed(self) -> tuple[str, Outcome] | None:
        """As dom.relay.steps."""
        result = outcome(self.work, self.work.awaited) if self.work.task_token else None
        return (self.work.task_token, result) if result else None


class Returned:
    """A return of two mugs, and its execution."""

    def __init__(self, story: Story) -> None:
        self.world: World = delivered(("MUG", 3, 2000))
        self.id = self.world.ask({"1": 2}).id
        self.run = Execution("return", self.step, self.relayed, story(self))

    @property
    def record(self) -> Return:
        return self.world.ledger.returns[self.id]

    @property
    def told(self) -> list[str]:
        return [entry.type for entry in self.record.history]

    def stands(self) -> object:
        ledger = self.world.ledger
        return deepcopy((ledger.returns, ledger.orders, ledger.positions, self.world.shop.paid))

    def clock(self) -> None:
        """Its time comes, and two sweeps see that at once."""
        assert self.record.due_at is not None
        self.world.now = max(self.world.now, self.record.due_at)
        decide.overdue(self.id, self.world.ports)
        stands = self.stands()
        decide.overdue(self.id, self.world.ports)
        assert self.stands() == stands

    def step(self, event: Json) -> tuple[Json, Outcome | None]:
        """As functions/return_tasks."""
        if event["step"] == "await":
            token = event["task_token"]
            result = returns.wait_for(event["id"], event["awaited"], token, self.world.ports)
            return {"waiting": result is None}, result
        done = {"prepare": prepare, "settle": returns.settle}[event["step"]](
            event["id"], self.world.settling
        )
        return {"closed": done.status is ReturnStatus.CLOSED}, None

    def relayed(self) -> tuple[str, Outcome] | None:
        """As dom.relay.steps."""
        record = self.record
        result = outcome_of_return(record, record.awaited) if record.task_token else None
        return (record.task_token, result) if result else None
