"""What one location sends: its part of a plan, priced term by term."""

from __future__ import annotations

from collections.abc import Mapping

from dom.model.ids import Sku
from dom.sourcing import objectives
from dom.sourcing.explain import why_part
from dom.sourcing.objectives.carbon import co2e_grams
from dom.sourcing.plan import Assignment
from dom.sourcing.scene import Contents, Scene


def assignment(scene: Scene, contents: Contents, place: int, reason: str) -> Assignment:
    """What a location sends as part of a plan, which has the `reason` if it is all of it."""
    group, location = scene.group_of(place), scene.network.locations[place]
    parcel = scene.parcel(place, group, *scene.load(contents[place].items()))
    terms = objectives.terms(parcel, scene.rules)
    way = scene.way._replace(method=group.method)
    arrivals = scene.book.arrivals(scene.network.class_of(place), way)
    card, store = scene.rules.rate_card, scene.way.store
    counted = location.daily_effort is not None
    return Assignment(
        location_id=location.location_id,
        lines=_lines(scene, contents[place]),
        distance_km=None if parcel.metres is None else parcel.metres / 1000,
        cost=sum(terms.values()),
        co2e_grams=co2e_grams(parcel, scene.rules),
        delivers_by=arrivals[parcel.zone],
        why=reason if len(contents) == 1 else why_part(scene, contents, place),
        terms=terms,
        boxes=card.boxes(card.billable(parcel.grams, parcel.bulk)),
        to_location=store.location_id if store and group.method is scene.demand.method else None,
        effort_rate=location.effort_rate(scene.demand.method) if counted else None,
        extra=_extra(scene, contents[place]) if counted else {},
    )


def _lines(scene: Scene, parcel: Mapping[int, int]) -> tuple[tuple[str, Sku, int], ...]:
    numbered = sorted(parcel.items())
    return tuple((scene.lines[n].line_id, scene.lines[n].sku, units) for n, units in numbered)


def _extra(scene: Scene, parcel: Mapping[int, int]) -> dict[Sku, int]:
    """What a unit asks beyond the usual effort, for products of which it is said."""
    known = (scene.supply.products.get(scene.lines[number].sku) for number in parcel)
    return {one.sku: one.effort for one in known if one and one.effort}


def offer(scene: Scene, place: int, parcel: Mapping[int, int]) -> Assignment:
    """What one location would send (units by line number), priced as part of a plan."""
    return assignment(scene, {place: parcel}, place, "")
