"""A customer wants to send something back: judged, routed and decided at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from dom.errors import Busy, CommitRefused, NotFound
from dom.model.fulfillment import FulfillmentOrder
from dom.model.ids import digest, return_id
from dom.model.order import Order
from dom.model.product import Assortment
from dom.model.return_terms import ReturnStatus
from dom.model.rma import Return, ReturnLine, Ruling, noted
from dom.model.tally import TallyScope, period_of
from dom.returns.approve import approved
from dom.returns.change import ATTEMPTS, Change, write
from dom.returns.eligibility import APPROVED, DECLINED, REVIEW, judge
from dom.returns.ports import Returning
from dom.returns.signals import asked, score, with_alerts
from dom.returns.wanted import Wanted, check_exchange, checked_lines, claimed


def request_return(wanted: Wanted, actor: str, ports: Returning) -> Return:
    """The return, approved, declined or waiting for a person.

    NotFound: there is no such order; InvalidInput names the field: a line that is not in the order,
    more units than the customer has and may still return.
    """
    for _ in range(ATTEMPTS):
        order = ports.orders.load(wanted.order_id)
        if order is None:
            raise NotFound("order", wanted.order_id)
        known = _repeat(wanted, ports) if wanted.request_id or wanted.external_id else None
        if known:
            return known
        change = _opened(wanted, order, actor, ports)
        try:
            return write(change, None, ports)
        except CommitRefused:
            continue
    raise Busy(f"order {wanted.order_id} keeps changing")


def _repeat(wanted: Wanted, ports: Returning) -> Return | None:
    for record in ports.orders.returns_of(wanted.order_id):
        if wanted.request_id and wanted.request_id in record.requests:
            return record
        if wanted.external_id and wanted.external_id == record.external_id:
            return record
    return None


def _opened(wanted: Wanted, order: Order, actor: str, ports: Returning) -> Change:
    lines, now = checked_lines(wanted.lines, order), ports.clock()
    if order.is_forgotten(now):
        lines = tuple(replace(line, note="", photos=()) for line in lines)
    seal = partial(ports.notes.seal, order.order_id)
    lines = tuple(replace(line, note=seal(line.note)) for line in lines)
    instead = {line.sku for line in wanted.exchange_lines}
    known = ports.stock.assortment({line.sku for line in lines if line.sku} | instead)
    check_exchange(wanted, known.products)
    works = ports.orders.fulfillment_orders(order.order_id)
    policy = ports.rules.returns
    ruling, lines = judge(order, lines, works, known.products, policy, now)
    if wanted.override:
        said = wanted.override
        ruling = replace(ruling, verdict=APPROVED, by=said.by, reason=said.reason)
    record = _judged_by_past(_new(wanted, order, lines, ruling, now, ports), wanted, ports)
    order = replace(order, returns=order.returns + 1)
    record = noted(record, now, "ReturnRequested", actor, **_facts(record))
    change = _ruled(record, order, wanted, known, actor, ports)
    return _counted(change, works, ports)


def _judged_by_past(record: Return, wanted: Wanted, ports: Returning) -> Return:
    """The return with what is known of its customer; a person decides where that is much."""
    policy, scope = ports.rules.returns, TallyScope.CUSTOMER
    if policy.review_score is None or not record.customer_key or record.ruling is None:
        return record
    key, period = record.customer_key, period_of(scope, record.created_at)
    found = score(ports.tallies.tallies(scope, [key], period)[key])
    record = replace(record, flags=found.flags)
    allowed = record.ruling.verdict == APPROVED and not wanted.override  # type: ignore[union-attr]
    if not allowed or found.points < policy.review_score:
        return record
    text = f"the customer's score is {found.points}: a person decides"
    return replace(record, ruling=Ruling(REVIEW, "review_score", text))


def _counted(change: Change, works: list[FulfillmentOrder], ports: Returning) -> Change:
    """The change with what it adds to the counts; what was declined is no return."""
    if change.record.status is ReturnStatus.DECLINED:
        return change
    added, policy = asked(change.record, works, change.at), ports.rules.returns
    record = with_alerts(change.record, added, ports.tallies, policy, change.at)
    return replace(change, record=record, tallies=added)


def _ruled(
    record: Return,
    order: Order,
    wanted: Wanted,
    known: Assortment,
    actor: str,
    ports: Returning,
) -> Change:
    now, ruling = ports.clock(), record.ruling
    if ruling is None or ruling.verdict == DECLINED:
        said = {"rule": ruling.rule, "text": ruling.text} if ruling else {}
        record = replace(record, status=ReturnStatus.DECLINED)
        record = noted(record, now, "ReturnDeclined", actor, **said)
        return Change("requested", now, actor, record, order)
    order = claimed(order, record)
    if ruling.verdict != APPROVED:
        return Change("requested", now, actor, record, order)
    change = approved(record, order, wanted.location_id, known, actor, ports)
    return replace(change, name="requested")


def _new(
    wanted: Wanted,
    order: Order,
    lines: tuple[ReturnLine, ...],
    ruling: Ruling,
    now: datetime,
    ports: Returning,
) -> Return:
    person = ports.orders.personal(order.order_id)
    customer = (
        digest("customer", order.channel, order.account, person.customer_id)
        if (person and person.customer_id)
        else ""
    )
    return Return(
        id=return_id(order.order_id, order.returns + 1),
        order_id=order.order_id,
        channel=order.channel,
        account=order.account,
        currency=order.currency,
        status=ReturnStatus.REQUESTED,
        method=wanted.method,
        outcome=wanted.outcome,
        lines=lines,
        created_at=now,
        ruling=ruling,
        exchange_lines=wanted.exchange_lines,
        external_id=wanted.external_id,
        customer_key=customer,
        requests=(wanted.request_id,) if wanted.request_id else (),
    )


def _facts(record: Return) -> dict[str, object]:
    ruling = record.ruling
    return {
        "method": record.method.value,
        "outcome": record.outcome.value,
        "verdict": ruling.verdict if ruling else "",
        "rule": ruling.rule if ruling else "",
    }
