"""Why a plan is as it is, in a sentence for people in operations."""

from __future__ import annotations

from dom.sourcing import objectives, wording
from dom.sourcing.candidates import Candidate
from dom.sourcing.scene import Contents, Scene
from dom.sourcing.score import money_of
from dom.sourcing.shortage import leftovers, named


def why(scene: Scene, contents: Contents, found: list[Candidate]) -> str:
    """The plan's reason; `found` are its candidates, best first."""
    if not scene.lines:
        return "nothing to allocate"
    sentences = [_placed(scene, contents, found)] if contents else []
    return "; ".join([*sentences, *leftovers(scene, contents)])


def why_part(scene: Scene, contents: Contents, place: int) -> str:
    """The reason of one of several parcels."""
    return f"{_share(scene, contents, place)} from {_where(scene, place)}"


def _placed(scene: Scene, contents: Contents, found: list[Candidate]) -> str:
    if scene.demand.fixed_location is not None and scene.way.store is None:
        return f"chosen by the customer: {named(scene, next(iter(contents)))}"
    if len(contents) > 1:
        return _split(scene, contents, found)
    (place,) = contents
    complete = not scene.left_over(contents)
    if not complete or not scene.everybody_able >> place & 1:
        return why_part(scene, contents, place)
    return _single(scene, place, found)


def _single(scene: Scene, place: int, found: list[Candidate]) -> str:
    what, able = wording.items(len(scene.lines), len(scene.lines)), scene.everybody_able
    if able.bit_count() == 1:
        return f"only location with {what}: {_where(scene, place)}"
    nearest = scene.view.nearest(able)
    best = "nearest" if nearest == place or _as_near(scene, nearest, place) else "cheapest"
    return f"{best} location with {what}: {_where(scene, place)}{_runner_up(scene, place, found)}"


def _as_near(scene: Scene, a: int, b: int) -> bool:
    return scene.view.metres(a) == scene.view.metres(b)


def _runner_up(scene: Scene, place: int, found: list[Candidate]) -> str:
    rivals = [c for c in found if c.place != place and c.lines == len(scene.lines)]
    if not rivals:
        return ""
    chosen = next(c for c in found if c.place == place)
    rival = min(rivals, key=lambda c: c.order)
    extra = rival.cost - chosen.cost
    text = f"; 2nd best {named(scene, rival.place)} +{_money(scene, extra)}"
    theirs, ours = _terms(scene, rival), _terms(scene, chosen)
    mostly = max(theirs, key=lambda name: theirs[name] - ours.get(name, 0))
    much = theirs[mostly] - ours.get(mostly, 0)
    return text + (f" (mostly {mostly})" if 0 < extra < 2 * much else "")


def _terms(scene: Scene, one: Candidate) -> dict[str, int]:
    """What a candidate's parcel costs by term."""
    load = scene.load(one.sent.items())
    parcel = scene.parcel(one.place, scene.group_of(one.place), *load)
    return objectives.terms(parcel, scene.rules)


def _split(scene: Scene, contents: Contents, found: list[Candidate]) -> str:
    reason = "no single location has " + _everything(scene)
    if scene.everybody_able:
        reason = _cheaper_than_one(scene, contents, _whole(scene, found))
    parts = wording.listed([why_part(scene, contents, place) for place in contents], "; ")
    return f"split over {len(contents)}: {reason} ({parts})"


def _cheaper_than_one(scene: Scene, contents: Contents, place: int) -> str:
    """What the split saves, the penalties of its parcels included."""
    everything = {number: line.quantity for number, line in enumerate(scene.lines)}
    alone, split = scene.total({place: everything}), scene.total(contents)
    saved, name = money_of(alone) - money_of(split), named(scene, place)
    if saved <= 0:
        return f"not dearer than one parcel from {name}"
    return f"{_money(scene, saved)} cheaper than one parcel from {name}"


def _everything(scene: Scene) -> str:
    if len(scene.lines) == 1:
        return f"all {wording.units(scene.lines[0].quantity)}"
    return wording.items(len(scene.lines), len(scene.lines))


def _share(scene: Scene, contents: Contents, place: int) -> str:
    """What a parcel holds: units where lines are split, else lines."""
    parcel = contents[place]
    if all(units == scene.lines[n].quantity for n, units in parcel.items()):
        return wording.items(len(parcel), len(scene.lines))
    return wording.units(sum(parcel.values()))


def _whole(scene: Scene, found: list[Candidate]) -> int:
    """The best location that could have sent everything alone."""
    whole = [c.place for c in found if c.lines == len(scene.lines)]
    return whole[0] if whole else scene.view.nearest(scene.everybody_able)


def _money(scene: Scene, minor: int) -> str:
    return wording.amount(minor, scene.demand.currency)


def _where(scene: Scene, place: int) -> str:
    return f"{named(scene, place)}, {wording.distance(scene.view.metres(place))}"
