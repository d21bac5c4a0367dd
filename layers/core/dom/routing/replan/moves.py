"""From the joint plans to moves that may be made: checked, priced, in the right order, worth it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

from dom.routing.replan.desk import SLOT, Desk
from dom.routing.replan.held import Held, promised
from dom.routing.replan.move import Move
from dom.routing.replan.ports import Threshold
from dom.sourcing.assignment import offer
from dom.sourcing.joint.bundles import Shift, chains
from dom.sourcing.joint.case import Case
from dom.sourcing.joint.check import faults
from dom.sourcing.joint.fare import money
from dom.sourcing.joint.live import Together
from dom.sourcing.scene import Contents


def moves_of(found: Together, desk: Desk, kept: Counter[str]) -> dict[int, Move]:
    """By case, the moves that break nothing; why others stay is counted in `kept`."""
    moves: dict[int, Move] = {}
    for n, contents in enumerate(found.contents):
        case = desk.cases[n]
        if contents is None:
            kept["no place"] += 1
            continue
        if _same(contents, case.present) and not case.homeless:
            continue
        wrong = faults(case, contents)
        move = None if wrong else _move(desk.held[n], case, contents, found, n)
        if move is None:
            kept[wrong[0] if wrong else "promise"] += 1
        else:
            moves[n] = move
    return moves


def cost_of(case: Case, contents: Contents) -> int:
    """Of all its parcels, in the terms of the rules, without penalties for being parcels."""
    return sum(money(case.scene, place, parcel) for place, parcel in contents.items())


def worthwhile(
    moves: dict[int, Move], desk: Desk, threshold: Threshold, kept: Counter[str]
) -> list[list[list[int]]]:
    """Chains of bundles of moves (by case): each bundle saves enough, after those before it."""
    numbers = list(moves)
    shifts = [Shift(moves[n].order_id, _changes(moves[n], desk)) for n in numbers]
    touched = {key for shift in shifts for key in shift.changes}
    desk.learn(key for key in sorted(touched) if isinstance(key, tuple))  # type: ignore[type-var]
    found, lost = chains(shifts, desk.left)
    kept["stock or slots gone"] += len(lost)
    result = []
    for chain in found:
        steps = [[numbers[i] for i in step] for step in chain]
        result.append(_paying(steps, moves, threshold))
        kept["saves too little"] += sum(map(len, steps)) - sum(map(len, result[-1]))
    return [chain for chain in result if chain]


def _paying(
    steps: Sequence[Sequence[int]], moves: dict[int, Move], threshold: Threshold
) -> list[list[int]]:
    """Steps put together until they pay; what never pays at the end of a chain is left."""
    bundles: list[list[int]] = []
    waiting: list[int] = []
    for step in steps:
        waiting += step
        if _pays([moves[n] for n in waiting], threshold):
            bundles.append(waiting)
            waiting = []
    return bundles


def _pays(moves: Sequence[Move], threshold: Threshold) -> bool:
    """Whether they save enough for each move and of their cost; what cannot stay always goes."""
    if any(move.forced for move in moves):
        return True
    before = sum(one.cost for move in moves for one in move.before)
    enough = max(1, threshold.least * len(moves), -(-before * threshold.percent // 100))
    return sum(move.saved for move in moves) >= enough and sum(move.gain for move in moves) > 0


def _move(held: Held, case: Case, contents: Contents, found: Together, n: int) -> Move | None:
    """Parcels that stay as they are stay with their work; None if one that changes is late."""
    changed = [p for p in contents if not _keeps(case, contents, p)]
    gone = [p for p in case.present if not _keeps(case, contents, p)]
    places = {case.scene.network.locations[p].location_id for p in gone}
    after = tuple(offer(case.scene, p, contents[p]) for p in changed)
    for one in after:
        until = promised(held, (line_id for line_id, _, _ in one.lines))
        if until and one.delivers_by > until and not case.homeless:
            return None
    return Move(
        held.order.order_id,
        held.group.id,
        held.order.currency,
        tuple(work for work in held.works if work.location_id in places),
        tuple(offer(case.scene, p, case.present[p]) for p in gone),
        after,
        cost_of(case, contents),
        max(0, found.alone[n] - found.penalty * len(contents)),
        (len(gone) - len(changed)) * case.scene.rules.weights.parcel,
        case.homeless,
    )


def _keeps(case: Case, contents: Contents, place: int) -> bool:
    same = dict(contents.get(place, {})) == dict(case.present.get(place, {}))
    return same and not _is_closed(case, place)


def _is_closed(case: Case, place: int) -> bool:
    network, supply = case.scene.network, case.scene.supply
    return bool((network.inactive | supply.closed_bits(network)) >> place & 1)


def _same(one: Contents, other: Contents) -> bool:
    return {p: dict(parcel) for p, parcel in one.items()} == {
        p: dict(parcel) for p, parcel in other.items()
    }


def _changes(move: Move, desk: Desk) -> dict[Hashable, int]:
    """What the move takes and frees, on balance, by key of `Desk.left`."""
    changes: Counter[Hashable] = Counter()
    for key, units in _taken(move):
        changes[key] += units
    for work in move.works:
        for line in work.lines:
            changes[line.sku, work.location_id] -= line.quantity
        if desk.is_todays(work):
            changes[SLOT, work.location_id] -= 1
    return {key: units for key, units in changes.items() if units}


def _taken(move: Move) -> Iterator[tuple[Hashable, int]]:
    for one in move.after:
        yield (SLOT, one.location_id), 1
        for sku, units in one.units().items():
            yield (sku, one.location_id), units
