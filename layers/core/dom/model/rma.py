"""Returns (RMAs): what customers send back, where it goes, what it is found to be, what is paid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dom.errors import IllegalTransition
from dom.model.history import HistoryEntry, append
from dom.model.ids import LocationId, OrderId, ReturnId, Sku
from dom.model.money import Money
from dom.model.refund import Refund, RefundStatus
from dom.model.return_terms import (
    EDGES,
    KEEP_IT,
    Condition,
    Disposition,
    ReturnMethod,
    ReturnOutcome,
    ReturnReason,
    ReturnStatus,
)

S = ReturnStatus


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """Units of an order line that are to come back.

    `received` have come, `missing` are known never to, `not_sent` never came in time (they still
    may); `refunded` are paid or about to be.
    `photos` are keys of the customer's uploads. `restocking_percent` of the goods is kept, as the
    rule that allowed the line says.
    """

    line_id: str
    quantity: int
    reason: ReturnReason
    sku: Sku | None = None
    note: str = ""
    photos: tuple[str, ...] = ()
    restocking_percent: int = 0
    received: int = 0
    missing: int = 0
    refunded: int = 0
    not_sent: int = 0

    @property
    def outstanding(self) -> int:
        """Units that are waited for."""
        return self.quantity - self.received - self.missing - self.not_sent


@dataclass(frozen=True, slots=True)
class Grade:
    """Units of a line as one inspection found them, and what became of them."""

    line_id: str
    quantity: int
    condition: Condition
    disposition: Disposition
    location_id: LocationId
    at: datetime
    sku: Sku | None = None
    photos: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Unexpected:
    """Something in the parcel that was not asked for, or instead of what was."""

    sku: str
    quantity: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """What the customer needs to hand it over: a carrier's label, or our own slip.

    `label_url` is an address, or the key of a slip in the bucket. `cost` is what the carrier
    charges for it; None: it was not bought by us.
    """

    carrier: str = ""
    tracking_number: str = ""
    label_url: str = ""
    service: str = ""
    cost: Money | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the policy said of the request: the rule by name, and whose word it is if not its own.

    `verdict`: approved, declined or review. `by` and `reason`: of the person who overrode it.
    """

    verdict: str
    rule: str
    text: str
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReturnDecision:
    """Where it goes and why. `outcome`: `location`, `keep_it`, or `none` where nobody takes it.

    Costs are minor units: `cost` is what it takes to bring it back less what it is worth there
    (negative: a gain), `recovered` that worth, `days` until it can be sold again. `candidates`,
    the chosen one first, then best first: `{location_id, distance_km, cost, terms, recovered, days,
    co2e_grams, eligible, reason}`.
    """

    at: datetime
    rule_version: str
    outcome: str
    why: str
    location_id: LocationId | None = None
    cost: int = 0
    recovered: int = 0
    days: float = 0.0
    co2e_grams: int = 0
    candidates: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class ExchangeLine:
    """Units of something else that the customer gets instead."""

    sku: Sku
    quantity: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Return:
    """A return. `version` guards every write; `requests` are the request ids already served.

    `location_id` is where it is to go, and from the first receipt on where it was received (None:
    the customer keeps it, or nothing is decided). `due_at` is when it must be looked at again: it
    never came, or it came and nobody inspected it. `received_at`: when something came last.
    `reopened` counts how often goods came after the end. `relabel`: a person wants the carrier to
    be asked again, for the `label_tries`th time. `task_token` is the Step Functions
    callback that waits until it is `awaited`. `customer_key` is a digest that counts a customer's
    returns and names nobody. `exchange_order_id` is the order of what they get instead, for goods
    worth `exchange_value` minor units. `load`: units counted in the location's backlog.
    """

    id: ReturnId
    order_id: OrderId
    channel: str
    account: str
    currency: str
    status: ReturnStatus
    method: ReturnMethod
    outcome: ReturnOutcome
    lines: tuple[ReturnLine, ...]
    created_at: datetime
    ruling: Ruling | None = None
    decision: ReturnDecision | None = None
    location_id: LocationId | None = None
    label: Label | None = None
    grades: tuple[Grade, ...] = ()
    unexpected: tuple[Unexpected, ...] = ()
    refunds: tuple[Refund, ...] = ()
    exchange_lines: tuple[ExchangeLine, ...] = ()
    exchange_order_id: OrderId | None = None
    exchange_value: int = 0
    external_id: str = ""
    customer_key: str = ""
    flags: tuple[str, ...] = ()
    load: int = 0
    due_at: datetime | None = None
    received_at: datetime | None = None
    reopened: int = 0
    relabel: bool = False
    label_tries: int = 0
    task_token: str = ""
    awaited: str = ""
    requests: tuple[str, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    version: int = 0

    @property
    def wakes_at(self) -> datetime | None:
        """When the sweep looks at it."""
        return self.due_at

    def line(self, line_id: str) -> ReturnLine:
        """The line of that id; KeyError if there is none."""
        for line in self.lines:
            if line.line_id == line_id:
                return line
        raise KeyError(line_id)

    def with_lines(self, changed: Iterable[ReturnLine]) -> Return:
        """The return with lines of the same id replaced."""
        by_id = {line.line_id: line for line in changed}
        return replace(self, lines=tuple(by_id.get(line.line_id, line) for line in self.lines))

    def graded(self, line_id: str) -> int:
        """Units of the line that were inspected."""
        return sum(grade.quantity for grade in self.grades if grade.line_id == line_id)

    @property
    def kept(self) -> bool:
        """Whether the customer keeps it."""
        return self.decision is not None and self.decision.outcome == KEEP_IT

    @property
    def accounted(self) -> bool:
        """Whether every unit is inspected, missing, not sent, or kept by the customer."""
        if self.kept:
            return True
        return not self.to_inspect and all(x.outstanding == 0 for x in self.lines)

    @property
    def to_inspect(self) -> int:
        """Units that came and are not inspected."""
        return sum(x.received - self.graded(x.line_id) for x in self.lines)

    @property
    def pending(self) -> tuple[Refund, ...]:
        """Refunds that are owed and not sent."""
        return tuple(one for one in self.refunds if one.status is RefundStatus.PENDING)

    @property
    def settleable(self) -> bool:
        """Whether there is anything to do for it but to wait: money to send, a label to ask for
        again, or to close it.

        A refund that the channel refused waits for a person.
        """
        refused = any(one.status is RefundStatus.FAILED for one in self.refunds)
        over = self.status is S.DISPOSED or (self.status is S.APPROVED and self.kept)
        return bool(self.pending) or self.relabel or (over and not refused)

    @property
    def refunded(self) -> Money:
        """What is paid, or about to be, for it in all."""
        paid = sum(r.amount.amount for r in self.refunds if r.status is not RefundStatus.FAILED)
        return Money(paid, self.currency)


def check_edge(record: Return, target: ReturnStatus) -> None:
    """IllegalTransition, naming the state found, unless the machine has that edge."""
    if target not in EDGES.get(record.status, frozenset()):
        raise IllegalTransition("return", record.id, record.status, target)


def noted(record: Return, at: datetime, type_: str, actor: str, **data: object) -> Return:
    """The return with one more history entry, which names the return and its units for readers."""
    facts: dict[str, object] = {
        "return_id": record.id,
        "location_id": record.location_id,
        "lines": [_told(line) for line in record.lines],
        **data,
    }
    return replace(record, history=append(record.history, at, type_, actor, **facts))


def _told(line: ReturnLine) -> dict[str, object]:
    return {
        "line_id": line.line_id,
        "sku": line.sku,
        "quantity": line.quantity,
        "reason": line.reason.value,
    }


def graded_sku(sku: Sku, disposition: Disposition) -> Sku:
    """The stock in which units of a SKU wait that cannot be sold as new, such as `MUG~refurbish`.

    A SKU of its own (docs/adr/0019), so that they are counted, moved and audited like any stock and
    never add to what can be promised of the new.
    """
    return Sku(f"{sku}~{disposition.value}")
