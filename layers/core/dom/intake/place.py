"""Units of a line placed into buckets, as the target asks and as far as intake may.

Units with a FulfillmentOrder, shipped or returned belong to other stages. Intake moves what still
waits, what it cancelled itself and what it marked as handed over itself; from these it places anew
each time, so that the result depends on what is known and not on the order of learning it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dom.intake.targets import Target
from dom.model.order import ASSIGNED, SHIPPED_OR_LATER, UNASSIGNED, Bucket, OrderLine

Own = Mapping[Bucket, int]
OWNED = (Bucket.CANCELLED, Bucket.DELIVERED, Bucket.COLLECTED)


@dataclass(frozen=True, slots=True)
class Placed:
    """The line, the units that intake itself put into `OWNED` buckets, and those to withdraw."""

    line: OrderLine
    own: Own
    withdraw: int


def place(
    line: OrderLine, target: Target, own: Own, handed: Bucket, asked: int, pending: int
) -> Placed:
    """Place the line's units. `handed`: DELIVERED or COLLECTED for what the channel handed over.

    `asked` units intake has ever asked to withdraw, of which `pending` are still to come back.
    """
    own = {b: min(own.get(b, 0), line.units(b)) for b in OWNED}
    foreign = _foreign(line, own)
    quantity = max(target.quantity, sum(foreign.values()))
    pool = quantity - sum(foreign.values())
    # Cancelled by others (most of it because we asked), or soon to be.
    settled = foreign.get(Bucket.CANCELLED, 0) + pending
    placed = _placed(line, target, foreign, own, handed, pool, settled)
    waiting = _waiting(line, pool - sum(placed.values()))
    # Asked units that are neither back nor pending were refused: that stands.
    missing = target.cancel - placed.get(Bucket.CANCELLED, 0) - max(asked, settled)
    assigned = sum(line.units(bucket) for bucket in ASSIGNED)
    return Placed(
        replace(line, quantity=quantity, buckets=_sum(foreign, waiting, placed)),
        placed,
        max(0, min(missing, assigned - pending)),
    )


def _placed(
    line: OrderLine, target: Target, foreign: Own, own: Own, handed: Bucket, pool: int, settled: int
) -> dict[Bucket, int]:
    """Units of the pool that do not wait: cancelled, or handed over without a FulfillmentOrder."""
    direct = _direct(line, target, foreign, own, pool)
    wanted = max(target.cancel - settled, min(own[Bucket.CANCELLED], target.cancel))
    cancelled = min(pool - direct, wanted)
    if line.ship_group_id is None:
        direct, handed = pool - cancelled, Bucket.DELIVERED
    return {b: n for b, n in ((Bucket.CANCELLED, cancelled), (handed, direct)) if n}


def _foreign(line: OrderLine, own: Own) -> dict[Bucket, int]:
    kept = {b: n - own.get(b, 0) for b, n in line.buckets.items() if b not in UNASSIGNED}
    return {bucket: units for bucket, units in kept.items() if units}


def _direct(line: OrderLine, target: Target, foreign: Own, own: Own, pool: int) -> int:
    """Units of a line with shipping that the channel handed over without us.

    What we shipped is reported back to the channel and comes again in its fulfillments; what is
    marked already stays marked while the channel says so.
    """
    if line.ship_group_id is None:
        return 0
    ours = sum(foreign.get(bucket, 0) for bucket in SHIPPED_OR_LATER)
    marked = own.get(Bucket.DELIVERED, 0) + own.get(Bucket.COLLECTED, 0)
    told = target.handed_over
    return min(pool, max(told - ours, min(marked, told)))


def _waiting(line: OrderLine, wanted: int) -> dict[Bucket, int]:
    """Unassigned units made `wanted` in all: new ones are pending, pending ones leave first."""
    units = {bucket: line.units(bucket) for bucket in UNASSIGNED}
    surplus = sum(units.values()) - wanted
    if surplus < 0:
        units[Bucket.PENDING] -= surplus
    for bucket in UNASSIGNED:
        taken = min(max(0, surplus), units[bucket])
        units[bucket] -= taken
        surplus -= taken
    return units


def _sum(*parts: Own) -> dict[Bucket, int]:
    total: dict[Bucket, int] = {}
    for part in parts:
        for bucket, units in part.items():
            total[bucket] = total.get(bucket, 0) + units
    return {bucket: total[bucket] for bucket in Bucket if total.get(bucket)}
