"""From the joint plans to moves that may be made: checked, priced, in the right order, worth it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

from dom.routing.replan.desk import SLOT, Desk
from dom.routing.replan.held import Held
from dom.routing.replan.move import Move
from dom.routing.replan.ports import Threshold
from dom.sourcing.joint.bundles import Shift, chains
from dom.sourcing.joint.check import faults
from dom.sourcing.joint.live import Together
from dom.sourcing.joint.made import swap_of
from dom.sourcing.joint.swap import Swap
from dom.sourcing.plan import EFFORT
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
        if wrong:
            kept[wrong[0]] += 1
        else:
            moves[n] = _move(desk.held[n], swap_of(case, contents, found, n))
    return moves


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
    before = sum(one.cost for move in moves for one in move.swap.before)
    enough = max(1, threshold.least * len(moves), -(-before * threshold.percent // 100))
    return sum(move.saved for move in moves) >= enough and sum(move.gain for move in moves) > 0


def _move(held: Held, swap: Swap) -> Move:
    """Parcels that stay as they are stay with their work."""
    places = set(swap.names(swap.gone))
    return Move(swap, tuple(work for work in held.works if work.location_id in places))


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
            changes[EFFORT, work.location_id] -= work.effort
    return {key: units for key, units in changes.items() if units}


def _taken(move: Move) -> Iterator[tuple[Hashable, int]]:
    for one in move.after:
        yield (SLOT, one.location_id), 1
        for sku, units in one.takes().items():
            yield (sku, one.location_id), units
