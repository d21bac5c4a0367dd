"""New facts joined into the remembered state: the rules of "which of the two came later"."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from dom.intake.money import SETTLED, newest_guarantee
from dom.intake.source import Source, Told, Units
from dom.model.clock import to_text
from dom.model.facts import Delta, Facts, OrderSnapshot, Payment


def join(source: Source, facts: Facts) -> Source:
    """The state that also knows these facts."""
    if facts.snapshot is not None:
        source = _snapshot(source, facts, facts.snapshot)
    return replace(
        source,
        refunds=_told(source.refunds, facts.refunds),
        edits=_told(source.edits, facts.edits),
    )


def supersedes(source: Source, facts: Facts) -> bool:
    """Whether the facts' snapshot is the newest one, so that its address and texts hold.

    Newer by `updated_at`. That has one second at some channels: of two different snapshots of one
    instant the one that was triggered later wins, and failing that an arbitrary but fixed one.
    """
    if facts.snapshot is None:
        return False
    at, content = to_text(facts.snapshot.updated_at), fingerprint(facts.snapshot)
    if at != source.updated_at or content == source.content:
        return at > source.updated_at
    triggered = to_text(facts.triggered_at) if facts.triggered_at else ""
    if triggered and source.triggered_at and triggered != source.triggered_at:
        return triggered > source.triggered_at
    return content > source.content


def fingerprint(snapshot: OrderSnapshot) -> str:
    """Of what cannot be joined: 32 bits of the order's, 16 of the personal data.

    So few of the latter that nobody can confirm a guessed address with them.
    """
    # What falls on parts of a kit depends on how many there are; what was told of it does not.
    parts = {part.line_id for kit in snapshot.kits for part in kit.parts}
    told = (
        snapshot.placed_at,
        snapshot.currency,
        snapshot.name,
        snapshot.test,
        snapshot.in_person,
        sorted(snapshot.amounts.items()),
        snapshot.shipping,
        snapshot.ship_groups,
        [
            replace(line, quantity=0, removed=0)
            for line in snapshot.lines
            if line.line_id not in parts
        ],
        *snapshot.kits,
    )
    return f"{_hash(told, 4)}-{_hash((snapshot.customer_id, _sorted(snapshot.personal)), 2)}"


def _hash(told: object, size: int) -> str:
    return hashlib.blake2b(repr(told).encode("utf-8", "replace"), digest_size=size).hexdigest()


def _sorted(value: object) -> object:
    if isinstance(value, Mapping):
        return sorted((str(key), _sorted(inner)) for key, inner in value.items())
    return value


def _snapshot(source: Source, facts: Facts, snapshot: OrderSnapshot) -> Source:
    newest = supersedes(source, facts)
    at = to_text(snapshot.updated_at)
    source = replace(
        source,
        payment=_payment(source, at, snapshot.payment),
        cancelled_at=_earliest(source.cancelled_at, snapshot),
        quantity=_most(source.quantity, {x.line_id: x.quantity for x in snapshot.lines}),
        removed=_most(source.removed, {x.line_id: x.removed for x in snapshot.lines if x.removed}),
        wanted=_fewest(source.wanted, snapshot),
        handovers=_handovers(source, snapshot),
        collected=_collected(source, at, snapshot),
        authorized=newest_guarantee(source.authorized, at, snapshot),
        settled=source.settled or snapshot.payment in SETTLED,
    )
    if not newest:
        return source
    return replace(
        source,
        updated_at=at,
        triggered_at=to_text(facts.triggered_at) if facts.triggered_at else "",
        content=fingerprint(snapshot),
        in_person=snapshot.in_person,
        amounts=dict(snapshot.amounts),
    )


def _payment(source: Source, at: str, payment: Payment) -> str:
    """The newer one; of one instant the one that comes later in a payment's life."""
    if at != source.updated_at:
        return payment.value if at > source.updated_at else source.payment
    return max(Payment(source.payment), payment, key=lambda one: one.rank).value


def _collected(source: Source, at: str, snapshot: OrderSnapshot) -> tuple[str, ...]:
    """The newest that says it; of one instant an arbitrary but fixed one."""
    told = (at, snapshot.collected_at) if snapshot.collected_at else ()
    return max(source.collected, told)


def _earliest(known: str, snapshot: OrderSnapshot) -> str:
    """A cancellation is never taken back."""
    told = to_text(snapshot.cancelled_at) if snapshot.cancelled_at else ""
    return min(filter(None, (known, told)), default="")


def _most(known: Units, told: Units) -> dict[str, int]:
    return {**known, **{line: max(units, known.get(line, 0)) for line, units in told.items()}}


def _fewest(known: Units, snapshot: OrderSnapshot) -> Units:
    if not snapshot.shrinking:
        return known
    left = {x.line_id: max(0, x.quantity - x.removed) for x in snapshot.lines}
    return {**known, **{line: min(units, known.get(line, units)) for line, units in left.items()}}


def _handovers(source: Source, snapshot: OrderSnapshot) -> dict[str, tuple[int, Units]]:
    known = dict(source.handovers)
    for each in snapshot.fulfillments:
        rank, units = known.get(each.id, (0, {}))
        known[each.id] = (max(rank, each.status.rank), _most(units, each.lines))
    return known


def _told(known: Mapping[str, Told], deltas: Iterable[Delta]) -> dict[str, Told]:
    joined = dict(known)
    for delta in deltas:
        at = to_text(delta.at)
        old = joined.get(delta.id, Told(at))
        joined[delta.id] = Told(
            at=min(old.at, at),
            removed=_most(old.removed, delta.removed),
            returned=_most(old.returned, delta.returned),
            added=_most(old.added, delta.added),
            listed=old.listed or delta.listed,
            paid=max(old.paid, delta.paid),
            ours=old.ours or delta.ours,
        )
    return joined
