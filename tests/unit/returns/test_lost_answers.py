"""A write whose answer was lost, or that was refused for now, at every step of a return's life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from dom.errors import Busy, Retryable
from dom.model.commit import Commit
from dom.model.ids import Sku
from dom.model.return_terms import Condition, ReturnOutcome
from dom.model.rma import ExchangeLine, Return
from support.fakes import FakeLedger
from support.returning import World, delivered

C = Condition
Step = Callable[[World], object]
ID = "ord_a-R1"


def life(outcome: ReturnOutcome) -> tuple[Step, ...]:
    """What callers do, each with its key, so that they may repeat it."""
    instead = (ExchangeLine(Sku("HAT"), 1),) if outcome is ReturnOutcome.EXCHANGE else ()

    def record(world: World) -> Return:
        return world.ledger.returns[ID]  # type: ignore[index]

    return (
        lambda w: w.ask({"1": 3}, outcome=outcome, exchange_lines=instead, key="ask"),
        lambda w: w.label(record(w)),
        lambda w: w.receive(record(w), {"1": 2}, key="r1"),
        lambda w: w.inspect(record(w), [("1", 1, C.NEW), ("1", 1, C.FAIR)], key="i1"),
        lambda w: w.settle(record(w)),
        lambda w: w.receive(record(w), {}, {"1": 1}, key="r2"),
        lambda w: w.settle(record(w)),
    )


@dataclass
class Unsure:
    """Lets one write pass and hides that it did, or refuses it for now; counts all of them."""

    inner: FakeLedger
    number: int
    written: bool
    seen: int = 0

    def __call__(self, commit: Commit) -> None:
        self.seen += 1
        if self.seen != self.number:
            return
        if self.written:
            before, self.inner.before = self.inner.before, lambda commit: None
            self.inner.commit(commit)
            self.inner.before = before
        raise Busy("no answer from DynamoDB")


def lived(outcome: ReturnOutcome, number: int, *, written: bool) -> tuple[World, int]:
    """A life in which the write of that number goes wrong; every step is tried until it passes."""
    world = delivered(("MUG", 3, 2000), taxes={"1": 100})
    fault = Unsure(world.ledger, number, written)
    world.ledger.before = fault
    for step in life(outcome):
        for _ in range(3):
            try:
                step(world)
                break
            except Retryable:
                continue
        else:
            raise AssertionError("it never passed")
    return world, fault.seen


def ends(world: World) -> tuple[object, ...]:
    """What must be the same: stock, the order's lines and money, what the shop paid."""
    stock = {
        key: (one.on_hand, one.unsellable, one.reserved)
        for key, one in world.ledger.positions.items()
    }
    [record] = world.ledger.returns.values()
    told = [record.status, record.refunded, [(g.quantity, g.disposition) for g in record.grades]]
    counts = sorted((key, dict(one.counts)) for key, one in world.ledger.counts.items())
    lines = [(line.buckets, line.went_back) for line in world.order.lines]
    return stock, lines, counts, [*told, world.shop.paid, len(world.ledger.orders)]


@pytest.mark.parametrize("written", [True, False], ids=["answer lost", "refused"])
@pytest.mark.parametrize("outcome", list(ReturnOutcome), ids=lambda one: one.value)
def test_whichever_write_goes_wrong_the_return_ends_the_same(
    outcome: ReturnOutcome, written: bool
) -> None:
    good, writes = lived(outcome, 0, written=written)
    assert writes >= 7
    for number in range(1, writes + 1):
        world, _ = lived(outcome, number, written=written)
        assert ends(world) == ends(good), number
