"""A small world for returns: one order that the customer has, two places that take returns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from dom.model.ids import LocationId, OrderId
from dom.model.location import Location
from dom.model.money import Money
from dom.model.order import Bucket, Order
from dom.model.refund import Refund
from dom.model.return_policy import ReturnPolicy
from dom.model.return_terms import Condition, ReturnMethod, ReturnOutcome, ReturnReason
from dom.model.rma import Label, Return
from dom.model.rules import RuleSet
from dom.returns import decide
from dom.returns.inspect import Found, Inspection, inspect
from dom.returns.labelling import prepare
from dom.returns.ports import Homeward, Returning, Settling
from dom.returns.receive import Receipt, receive
from dom.returns.request import request_return
from dom.returns.waiting import settle
from dom.returns.wanted import Override, Wanted, WantedLine
from support.builders import BOSTON, NOW, RENO, line, location, order
from support.fakes import FakeLedger, FakeNotes, FakePlaces

PLACES = (location("RENO", RENO), location("BOSTON", BOSTON))


@dataclass
class Shop:
    """Takes labels and refunds; `refuses` raises it once for each in the list."""

    paid: list[tuple[str, int]] = field(default_factory=list)
    refuses: list[Exception] = field(default_factory=list)
    parcels: list[Homeward] = field(default_factory=list)

    def label(self, record: Return, parcel: Homeward, policy: ReturnPolicy) -> Label:
        self.parcels.append(parcel)
        if self.refuses:
            raise self.refuses.pop(0)
        return Label(label_url=f"labels/{record.id}.html")

    def pay(self, order: Order, record: Return, refund: Refund) -> str:
        if self.refuses:
            raise self.refuses.pop(0)
        key = f"{record.id}/{refund.number}"
        if key not in dict(self.paid):
            self.paid.append((key, refund.amount.amount))
        return key


@dataclass
class World:
    """The ledger, the clock, the policy, and the steps of a return in short."""

    ledger: FakeLedger
    policy: ReturnPolicy = field(default_factory=ReturnPolicy)
    places: tuple[Location, ...] = PLACES
    now: datetime = NOW
    shop: Shop = field(default_factory=Shop)

    @property
    def ports(self) -> Returning:
        rules = RuleSet(returns=self.policy)
        places = FakePlaces(self.ledger, self.places)
        ledger = self.ledger
        return Returning(
            ledger, ledger, places, ledger, lambda: self.now, rules, ledger, FakeNotes()
        )

    @property
    def settling(self) -> Settling:
        return Settling(self.ports, self.shop, self.shop)

    @property
    def order(self) -> Order:
        return self.ledger.orders["ord_a"]

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def ask(
        self,
        units: dict[str, int],
        *,
        reason: ReturnReason = ReturnReason.UNWANTED,
        method: ReturnMethod = ReturnMethod.MAIL,
        outcome: ReturnOutcome = ReturnOutcome.REFUND,
        key: str = "",
        override: Override | None = None,
        **rest: Any,
    ) -> Return:
        lines = tuple(WantedLine(name, n, reason) for name, n in units.items())
        wanted = Wanted(OrderId("ord_a"), lines, method, outcome, request_id=key, override=override)
        return request_return(replace(wanted, **rest), "ana", self.ports)

    def receive(
        self,
        record: Return,
        units: dict[str, int],
        missing: dict[str, int] | None = None,
        *,
        at: str = "RENO",
        key: str = "",
    ) -> Return:
        lost = tuple((missing or {}).items())
        receipt = Receipt(LocationId(at), tuple(units.items()), lost, request_id=key)
        return receive(record.id, receipt, "ben", self.ports)

    def inspect(
        self, record: Return, found: Iterable[tuple[str, int, Condition]], key: str = ""
    ) -> Return:
        lines = tuple(Found(*one) for one in found)
        return inspect(record.id, Inspection(lines, None, key), "ben", self.ports)

    def cancel(self, record: Return) -> Return:
        return decide.cancel(record.id, decide.Word("ana", "kept"), self.ports)

    def label(self, record: Return) -> Return:
        return prepare(record.id, self.settling)

    def settle(self, record: Return) -> Return:
        return settle(record.id, self.settling)


def delivered(
    *bought: tuple[str, int, int],
    currency: str = "USD",
    discounts: dict[str, int] | None = None,
    taxes: dict[str, int] | None = None,
    **rest: Any,
) -> World:
    """An order of (SKU, units, unit price in minor units), lines "1", "2" ..., all delivered."""
    lines = []
    for number, (sku, units, price) in enumerate(bought, 1):
        name = str(number)
        off, tax = (discounts or {}).get(name, 0), (taxes or {}).get(name, 0)
        made = line(name, sku, units, buckets={Bucket.DELIVERED: units})
        lines.append(
            replace(
                made,
                unit_price=Money(price, currency),
                discount=Money(off, currency) if off else None,
                tax=Money(tax, currency) if tax else None,
            )
        )
    ledger = FakeLedger()
    ledger.open(*PLACES)
    made_order = replace(order("ord_a", *lines), currency=currency, **rest)
    ledger.orders["ord_a"] = made_order
    for sku, _, _ in bought:
        ledger.stock(sku, "RENO", 4)
    return World(ledger)
