"""Facts merged into an order: pure, and the same whatever order and repetition they come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dom.intake.changes import tell
from dom.intake.describe import collected, describe, stub
from dom.intake.hold import Policy, apply_hold, wanted_hold
from dom.intake.join import join, supersedes
from dom.intake.money import guaranteed, paid_back
from dom.intake.place import Own, Placed, place
from dom.intake.readdressed import keep, keep_chosen, keep_words, kept_groups, recalled
from dom.intake.source import Source, dump, load
from dom.intake.targets import target
from dom.model.choice import settled
from dom.model.commit import PersonalData
from dom.model.facts import Facts
from dom.model.ids import LocationId
from dom.model.order import UNASSIGNED, Bucket, Order
from dom.model.payment import followed_up
from dom.model.recipient import still_marked

# When routing or withdrawal never answered, the sweep looks at the order again.
LOOK_AGAIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Merged:
    """The order to write, with the personal data of its newest snapshot."""

    order: Order
    personal: PersonalData | None = None


def merge(
    order: Order | None,
    facts: Facts,
    now: datetime,
    policy: Policy,
    stored: PersonalData | None = None,
) -> Merged | None:
    """The order (None: not known yet) with the facts in it; None when they tell nothing new.

    `stored`: the personal data of an order whose address a person changed.

    Buckets of a line always sum to its quantity, a cancellation is never taken back, and what has
    left is never touched.
    """
    before = order or stub(facts)
    old = load(before.source)
    new, newest = join(old, facts), supersedes(old, facts)
    after, kept = before, frozenset[str]()
    if facts.snapshot:
        after = describe(before, facts.snapshot, newest)
        if newest and before.readdressed:
            kept = kept_groups(before, facts.snapshot, stored)
            after = keep(after, before, kept)
        after = still_marked(after, before)
        after = recalled(after, before)
    after = collected(after, LocationId(new.collected[1]) if new.collected else None)
    after = keep_chosen(after, before)
    after, new = _place_all(after, old, new)
    after = settled(after)
    after = guaranteed(paid_back(after, new), new)
    after, new = apply_hold(after, new, wanted_hold(after, new, policy))
    after = replace(after, source=dump(new))
    if after == replace(before, source=dump(old)) and order is not None:
        return None
    history = tell(before, after, old, new, now)
    after = replace(after, history=history, due_at=_due(after, now))
    after = followed_up(after, now, f"channel:{after.channel}")
    return Merged(after, _personal(after, facts, stored, kept, now) if newest else None)


def _place_all(order: Order, old: Source, new: Source) -> tuple[Order, Source]:
    handed = Bucket.COLLECTED if new.in_person else Bucket.DELIVERED
    placed: dict[str, Placed] = {}
    for line in order.lines:
        line_id = line.line_id
        own = {Bucket(bucket): units for bucket, units in old.own.get(line_id, {}).items()}
        goal = target(new, line_id)
        asked, pending = old.asked.get(line_id, 0), order.withdraw.get(line_id, 0)
        placed[line_id] = place(line, goal, own, handed, asked, pending)
    more = {line_id: one.withdraw for line_id, one in placed.items() if one.withdraw}
    order = replace(
        order,
        lines=tuple(one.line for one in placed.values()),
        withdraw=_plus(order.withdraw, more),
    )
    own_units = {line_id: _plain(one.own) for line_id, one in placed.items() if one.own}
    return order, replace(new, own=own_units, asked=_plus(old.asked, more))


def _plain(own: Own) -> dict[str, int]:
    return {bucket.value: units for bucket, units in own.items()}


def _plus(units: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {**units, **{line: units.get(line, 0) + n for line, n in more.items()}}


def _due(order: Order, now: datetime) -> datetime | None:
    """Soon when something must happen now; else as routing set it, for units that still wait."""
    waiting = any(line.units(bucket) for line in order.lines for bucket in UNASSIGNED)
    pending = any(line.units(Bucket.PENDING) for line in order.lines)
    if order.withdraw or order.recall or (pending and order.hold_reason is None):
        return now + LOOK_AGAIN
    return order.due_at if waiting else None


def _personal(
    order: Order,
    facts: Facts,
    stored: PersonalData | None,
    kept: frozenset[str],
    now: datetime,
) -> PersonalData | None:
    told = facts.snapshot
    if order.forgotten or told is None or not told.personal:
        return None
    if told.forget_by and told.forget_by <= now:
        return None
    words = keep_words(told.personal, stored, kept)
    return PersonalData(order.order_id, told.customer_id, words, told.forget_by)
