"""Every kind of event of returns, made by the use cases themselves."""

from __future__ import annotations

from collections.abc import Iterator

from dom.errors import Rejected
from dom.events import Event, order_event
from dom.model.ids import Sku
from dom.model.product import Product
from dom.model.return_policy import ReturnPolicy, ReturnRule
from dom.model.return_terms import Condition, ReturnOutcome, ReturnReason
from dom.model.rma import ExchangeLine
from dom.returns import decide
from dom.returns.decide import Word
from dom.returns.labelled import track
from dom.returns.scan import scan
from support.builders import NOW
from support.returning import World, delivered

C = Condition


def return_events() -> Iterator[Event]:
    """A refund with trouble on its way, an exchange, and returns that come to nothing."""
    for made in (_refunded, _exchanged, _declined, _never_came, _partly, _neglected, _faulty):
        world = made()
        for record in world.ledger.returns.values():
            _, _, number = record.id.rpartition("-R")
            for entry in record.history:
                yield order_event(record.order_id, f"RETURN#{int(number):06d}", entry)


def _world() -> World:
    world = delivered(("MUG", 3, 2000), ("HAT", 2, 9000), taxes={"1": 100})
    world.ledger.describe(Product(Sku("MUG"), cost=700))
    return world


def _refunded() -> World:
    world = _world()
    world.shop.refuses = [Rejected("unknown address")]
    record = world.label(world.ask({"1": 2}))
    decide.retry_label(record.id, Word("eva", "mended the address"), world.ports)
    record = world.settle(record)
    track(record.id, "UPS", "1Z", "ana", world.ports)
    for status in ("in_transit", "failure", "delivered"):
        scan(record.id, status, NOW, world.ports)
    world.receive(record, {"1": 2})
    world.inspect(record, [("1", 2, C.NEW)])
    world.shop.refuses = [Rejected("no such payment")]
    world.settle(record)
    decide.retry_refund(record.id, Word("eva", "captured now"), world.ports)
    world.settle(record)
    return world


def _exchanged() -> World:
    world = _world()
    wanted = (ExchangeLine(Sku("MUG-XL"), 2),)
    record = world.ask({"1": 2}, outcome=ReturnOutcome.EXCHANGE, exchange_lines=wanted)
    world.receive(record, {"1": 1}, {"1": 1})
    world.inspect(record, [("1", 1, C.FAIR)])
    world.settle(record)
    return world


def _declined() -> World:
    world = _world()
    world.policy = ReturnPolicy(rules=(ReturnRule("sale", final_sale=True),))
    world.ask({"1": 1})
    world.policy = ReturnPolicy(rules=(ReturnRule("ask", review=True),))
    decide.decline(world.ask({"1": 1}).id, Word("eva", "worn"), world.ports)
    return world


def _never_came() -> World:
    world = _world()
    record = world.ask({"1": 1})
    world.wait(days=31)
    decide.overdue(record.id, world.ports)
    return world


def _partly() -> World:
    world = _world()
    record = world.ask({"1": 2})
    world.receive(record, {"1": 1})
    world.inspect(record, [("1", 1, C.NEW)])
    world.wait(days=31)
    decide.overdue(record.id, world.ports)
    world.settle(record)
    world.receive(record, {"1": 1})
    return world


def _neglected() -> World:
    world = _world()
    record = world.receive(world.ask({"2": 1}), {"2": 1})
    world.wait(days=3)
    decide.overdue(record.id, world.ports)
    return world


def _faulty() -> World:
    world = _world()
    world.policy = ReturnPolicy(alert_units=2)
    world.ask({"2": 2}, reason=ReturnReason.DEFECTIVE)
    return world
