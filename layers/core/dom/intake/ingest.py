"""Ingest an event: understand it and write it into its order, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from dom.errors import Busy, CommitRefused
from dom.intake.fence import fenced
from dom.intake.forget import forget
from dom.intake.hold import Policy
from dom.intake.kits import taken_apart
from dom.intake.merge import Merged, merge
from dom.intake.ports import Carts, Inbound, InboundQueue, News, Papers, Parser, Recipes, Records
from dom.intake.reserved import taken, with_units_of
from dom.model.commit import Claim, Commit, Ledger
from dom.model.facts import UNKNOWN_SCAN, Erasure, Facts, ReturnNews, Scans, SeenOrder
from dom.model.ids import digest
from dom.model.order import Order
from dom.model.recipient import marked

# Each attempt reads the order anew; more than this in a row means a storm, and the queue waits.
ATTEMPTS = 8


class Outcome(StrEnum):
    """What became of an event; also the name of its metric."""

    WRITTEN = "EventsWritten"
    UNCHANGED = "EventsUnchanged"
    DUPLICATE = "EventsDuplicate"
    IGNORED = "EventsIgnored"
    FORWARDED = "EventsForwarded"
    NOT_UNDERSTOOD = "ScansUnknown"
    NAMED = "OrdersNamed"
    FORGOTTEN = "CustomersForgotten"


@dataclass(frozen=True, slots=True)
class Ports:
    """What ingest needs. `named` is where events go that only name an order, or say less of it than
    its channel knows: it is read there, and comes again whole. `recipes` say which SKUs are kits.
    """

    orders: Records
    ledger: Ledger
    policy: Policy
    news: News
    named: InboundQueue
    carts: Carts
    recipes: Recipes
    papers: Papers


def ingest(inbound: Inbound, parser: Parser, ports: Ports, now: datetime) -> Outcome:
    """Parse the event, merge it into its order and commit that with the event's claim.

    Raises InvalidInput when it can never be understood, Retryable when it should come again.
    An event that changes nothing writes nothing, not even its claim: the content converges. What
    it says of returns is sent on, and so is one that only names an order; whoever hears of it
    knows repeats.
    """
    facts = parser.parse(inbound.topic, inbound.account, inbound.body)
    if facts is None:
        return Outcome.IGNORED
    if isinstance(facts, ReturnNews):
        return _told((facts,), ports.news)
    if isinstance(facts, Scans):
        return _told(facts.news, ports.news)
    if isinstance(facts, SeenOrder):
        ports.named.send(inbound)
        return Outcome.NAMED
    if isinstance(facts, Erasure):
        who = f"channel:{inbound.channel}"
        for name in facts.orders:
            forget(name, ports.orders, ports.ledger, ports.papers, now, who)
        return Outcome.FORGOTTEN
    facts = replace(facts, triggered_at=inbound.triggered_at)
    outcome = _written(inbound, facts, ports, now)
    # After it: an order is here even while nothing can be asked. Never of an answer: that would
    # go round for ever.
    if facts.incomplete and not inbound.was_asked_for:
        ports.named.send(inbound)
    return outcome


def _told(news: Sequence[ReturnNews], to: News) -> Outcome:
    """A scan of a word that nobody knows tells nothing: it is counted, and goes nowhere."""
    known = [one for one in news if one.scan != UNKNOWN_SCAN]
    for one in known:
        to.send(one)
    return Outcome.FORWARDED if len(known) == len(news) else Outcome.NOT_UNDERSTOOD


def _written(inbound: Inbound, facts: Facts, ports: Ports, now: datetime) -> Outcome:
    orders, policy = ports.orders, ports.policy
    for _ in range(ATTEMPTS):
        cart = taken(facts, ports.carts, now)
        order = orders.load(facts.order_id)
        told, order = taken_apart(facts, order, ports.recipes)
        stored = orders.personal(facts.order_id) if order and order.readdressed else None
        merged = merge(order, told, now, policy, stored)
        if merged is None and cart is None:
            return Outcome.UNCHANGED
        if merged is not None:
            merged = replace(merged, order=fenced(_marked(merged, policy), policy.controls()))
        commit = _commit(inbound, facts, merged, now) if merged else None
        try:
            for one in with_units_of(cart, commit, now):
                ports.ledger.commit(one)
            return Outcome.WRITTEN
        except CommitRefused as refused:
            if any(conflict.kind == "claim" for conflict in refused.conflicts):
                return Outcome.DUPLICATE
    raise Busy(f"order {facts.order_id} keeps changing")


def _marked(merged: Merged, policy: Policy) -> Order:
    """What a channel says without the customer's data changes no mark."""
    if merged.personal is None:
        return merged.order
    return marked(merged.order, merged.personal, policy.recipient_key())


def claim_key(inbound: Inbound) -> str:
    """The idempotency key of a delivery: the same on every attempt to deliver it."""
    return "#".join(("claim", inbound.channel, inbound.account, inbound.topic, inbound.delivery_id))


def _commit(inbound: Inbound, facts: Facts, merged: Merged, now: datetime) -> Commit:
    key = claim_key(inbound)
    return Commit(
        id=digest(key),
        at=now,
        actor=f"channel:{inbound.channel}",
        orders=(merged.order,),
        claims=(Claim(key, facts.order_id, inbound.received_at),),
        personal=(merged.personal,) if merged.personal else (),
    )
