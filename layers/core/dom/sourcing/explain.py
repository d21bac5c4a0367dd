"""Why a plan is as it is, in a sentence for people in operations."""

from __future__ import annotations

from dom.sourcing import wording
from dom.sourcing.candidates import Candidate, reason_out
from dom.sourcing.pieces import supply_of
from dom.sourcing.scene import Contents, Scene


def why(scene: Scene, contents: Contents, found: list[Candidate]) -> str:
    """The plan's reason; `found` are its candidates, best first."""
    if not scene.lines:
        return "nothing to allocate"
    sentences = [_placed(scene, contents, found)] if contents else []
    return "; ".join([*sentences, *_leftovers(scene, contents)])


def why_part(scene: Scene, contents: Contents, place: int) -> str:
    """The reason of one of several parcels."""
    return f"{_share(scene, contents, place)} from {_where(scene, place)}"


def _placed(scene: Scene, contents: Contents, found: list[Candidate]) -> str:
    if scene.demand.fixed_location is not None and scene.way.store is None:
        return f"chosen by the customer: {_named(scene, next(iter(contents)))}"
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
    chosen = next(c for c in found if c.place == place)
    if not rivals:
        return ""
    rival = min(rivals, key=lambda c: c.order)
    extra = wording.amount(rival.cost - chosen.cost, scene.demand.currency)
    return f"; 2nd best {_named(scene, rival.place)} +{extra}"


def _split(scene: Scene, contents: Contents, found: list[Candidate]) -> str:
    reason = "no single location has " + _everything(scene)
    if scene.everybody_able:
        reason = "cheaper than one parcel from " + _named(scene, _whole(scene, found))
    parts = wording.listed([why_part(scene, contents, place) for place in contents], "; ")
    return f"split over {len(contents)}: {reason} ({parts})"


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


def _leftovers(scene: Scene, contents: Contents) -> list[str]:
    missing: dict[str, list[str]] = {}
    for number, line in enumerate(scene.lines):
        left = line.quantity - sum(parcel.get(number, 0) for parcel in contents.values())
        if left:
            reason = _shortage(scene, number)
            part = line.sku if left == line.quantity else f"{left} of {line.quantity} {line.sku}"
            missing.setdefault(reason, []).append(part)
    return [f"{reason} for {wording.listed(skus)}: backordered" for reason, skus in missing.items()]


def _shortage(scene: Scene, number: int) -> str:
    """Why units of a line are left over."""
    sku = scene.lines[number].sku
    stocked = scene.supply.at_least(scene.network, sku, 1)
    if not stocked:
        return "no stock anywhere"
    if not scene.able(number, 1):
        place = scene.view.nearest(stocked)
        return f"no eligible stock ({_named(scene, place)}: {reason_out(scene, place)})"
    fences = scene.rules.fences
    if fences.ship_complete:
        return "orders ship complete or not at all"
    if fences.split_value and not _short(scene, number):
        return "worth too little to be a shipment of its own"
    limited = scene.max_shipments is not None
    return "not within the allowed shipments" if limited else "not enough stock"


def _short(scene: Scene, number: int) -> bool:
    """Whether there is less of the line than it asks for."""
    quantity = scene.lines[number].quantity
    return supply_of(scene, (number,), quantity) < quantity


def _named(scene: Scene, place: int) -> str:
    location = scene.network.locations[place]
    return location.name or location.location_id


def _where(scene: Scene, place: int) -> str:
    return f"{_named(scene, place)}, {wording.distance(scene.view.metres(place))}"
