"""The best plan in which a certain location takes part: what choosing it would have meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dom.model.ids import LocationId
from dom.sourcing import rivals
from dom.sourcing.plan import Plan
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.problem import Demand, DemandLine
from dom.sourcing.replay import Moment
from dom.sourcing.scene import Scene
from dom.sourcing.solve import decide

# So many solves a question may take; fewer where each of them takes long.
EFFORT, EFFORT_IF_LARGE = 6, 2
LARGE = 12
# Marks the units of a line that the location does not have, as a line of their own.
REST = "~"


def takes_part(plan: Plan, location_id: LocationId) -> bool:
    """Whether the plan sends anything from there."""
    return any(one.location_id == location_id for one in plan.assignments)


def including(at: Moment, location_id: LocationId) -> Plan | None:
    """The best plan in which the location sends what it can of one of the lines.

    None if it can send nothing, or no plan that is allowed has it: a line that it has only in part
    is split between locations if none has it whole, as everywhere.
    """
    scene = Scene(*at)
    plans = (
        decide(wanted, at.supply, at.book, bare=True) for wanted in _forced(scene, location_id)
    )
    found = [plan for plan in plans if takes_part(plan, location_id)]
    return min(found, key=lambda plan: rivals.rank(plan, scene)) if found else None


def effort(scene: Scene) -> int:
    """How many tries of one kind are made for this demand."""
    return EFFORT if len(scene.lines) <= LARGE else EFFORT_IF_LARGE


def fences_at(scene: Scene, place: int) -> dict[str, list[str]]:
    """The fences that keep a location out, by reason; for those of single lines with the SKUs."""
    found: dict[str, list[str]] = {
        reason: [] for reason, blocked in scene.fenced.items() if blocked >> place & 1
    }
    for number, line in enumerate(scene.lines):
        for reason, blocked in scene.fenced_line(number).items():
            if blocked >> place & 1:
                found.setdefault(reason, []).append(line.sku)
    return found


def without_fences(at: Moment, place: int, reasons: Iterator[str] | list[str]) -> Moment:
    """The same moment with these fences lifted for that location."""
    book = at.book
    more = {reason: book.lifted.get(reason, 0) | 1 << place for reason in reasons}
    lifted = {**book.lifted, **more}
    return at._replace(book=PriceBook(book.network, book.rules, book.now, lifted))


def _forced(scene: Scene, location_id: LocationId) -> Iterator[Demand]:
    """The demand, once for each line that the location must send as far as it can."""
    place = scene.network.index[location_id]
    room = {number: scene.units_at(number, place) for number in range(len(scene.lines))}
    able = sorted((n for n in room if _may_send(scene, n, room[n])), key=lambda n: (-room[n], n))
    for number in able[: effort(scene)]:
        line = scene.lines[number]
        others = frozenset(scene.supply.available.get(line.sku, {})) - {location_id}
        parts = _parts(line, min(room[number], line.quantity), others)
        rest = (one for one in scene.lines if one is not line)
        yield replace(scene.demand, lines=(*parts, *rest))


def _may_send(scene: Scene, number: int, room: int) -> bool:
    """All of the line, or a part of one that nobody has whole."""
    quantity = scene.lines[number].quantity
    return room >= quantity or (room > 0 and not scene.able(number, quantity))


def _parts(line: DemandLine, units: int, others: frozenset[LocationId]) -> tuple[DemandLine, ...]:
    bound = replace(line, quantity=units, excluded=line.excluded | others)
    left = line.quantity - units
    return (bound, replace(line, line_id=line.line_id + REST, quantity=left)) if left else (bound,)
