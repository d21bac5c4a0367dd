"""A joint plan asked again: what it was made from as plain inputs, and the same plan from them.

The joint search is a function of its inputs, so it is run again. A solver's plan is not promised to
be the same on another machine: it is taken from the inputs, where it stands, and what is made anew
is whether it may be, its price, and the bound, which no solver has a part in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dom.model.ids import LocationId
from dom.sourcing.joint.case import Case
from dom.sourcing.joint.check import faults
from dom.sourcing.joint.live import Together, plan_live
from dom.sourcing.joint.made import Made
from dom.sourcing.joint.recorder import Recorder
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.record import Recorded
from dom.sourcing.replay import Assigned, Inputs, Moment
from dom.sourcing.scene import Contents, Scene
from dom.sourcing.supply import Supply

Units = Mapping[LocationId, Mapping[str, int]]


def inputs_of(made: Made, supply: Supply) -> Inputs:
    """What the joint plan was made from, and who moves where: a copy, which stays as it is."""
    book = made.cases[0].scene.book
    world = supply, book.network, book.rules, book.now
    assigned = (
        Assigned(
            _named(case.scene, case.present),
            case.homeless,
            _named(case.scene, made.contents(n)) if n in made.moved else None,
        )
        for n, case in enumerate(made.cases)
    )
    inputs = Inputs.of([case.scene.demand for case in made.cases], *world)
    return replace(inputs, assigned=tuple(assigned), by_solver=made.by_solver)


def again(inputs: Inputs) -> Made:
    """The joint plan from its inputs, made anew."""
    supply = inputs.supply()
    book = PriceBook(inputs.network, inputs.rules, inputs.now)
    scenes = [Scene(demand, supply, book) for demand in inputs.demands]
    cases = [
        Case(scene, _numbered(scene, one.present), one.homeless)
        for scene, one in zip(scenes, inputs.assigned, strict=True)
    ]
    found = plan_live(cases, supply)
    if inputs.by_solver:
        found = found._replace(contents=_recorded(cases, inputs, found))
    moved = [n for n, one in enumerate(inputs.assigned) if one.goes is not None]
    return Made(cases, found, moved)


def played(inputs: Inputs, order_id: str, ship_group_id: str) -> tuple[Moment, Recorded]:
    """That ship group in the joint plan made anew; KeyError if it is not in there.

    A plan that may not be, by today's code, has that as its outcome.
    """
    names = {(one.order_id, one.ship_group_id): n for n, one in enumerate(inputs.demands)}
    made, n = again(inputs), names[order_id, ship_group_id]
    recorder = Recorder(made, inputs.supply())
    record, wrong = recorder.record(n), faults(made.cases[n], made.contents(n))
    if wrong:
        plan = replace(record.plan, outcome=f"not allowed: {', '.join(wrong)}")
        record = record._replace(plan=plan)
    return recorder.moment(n), record


def _recorded(cases: Sequence[Case], inputs: Inputs, found: Together) -> list[Contents | None]:
    """Where the inputs say that they go; whoever moves not has what the search found."""
    return [
        there if one.goes is None else _numbered(case.scene, one.goes)
        for case, one, there in zip(cases, inputs.assigned, found.contents, strict=True)
    ]


def _named(scene: Scene, contents: Contents) -> Units:
    lines, locations = scene.lines, scene.network.locations
    return {
        locations[place].location_id: {lines[n].line_id: units for n, units in parcel.items()}
        for place, parcel in contents.items()
    }


def _numbered(scene: Scene, named: Units) -> Contents:
    """Contents in the order of their numbers, whatever order they were told in."""
    number = {line.line_id: n for n, line in enumerate(scene.lines)}
    found = {
        scene.network.index[at]: dict(sorted((number[line], n) for line, n in parcel.items()))
        for at, parcel in named.items()
    }
    return dict(sorted(found.items()))
