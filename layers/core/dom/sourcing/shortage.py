"""Why units are left over, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dom.sourcing import wording
from dom.sourcing.candidates import reason_out
from dom.sourcing.opening import beginnings
from dom.sourcing.pieces import supply_of
from dom.sourcing.scene import Contents, Scene

# Of a plan that leaves over much for many reasons, so many are told.
MOST_REASONS = 3


def leftovers(scene: Scene, contents: Contents) -> list[str]:
    """One text for all that is left over, by reason; none if nothing is."""
    missing: dict[tuple[str, str], list[str]] = {}
    for number, line in enumerate(scene.lines):
        left = line.quantity - sum(parcel.get(number, 0) for parcel in contents.values())
        if left:
            reason = _early(scene, contents, number) or (_shortage(scene, number), "backordered")
            part = line.sku if left == line.quantity else f"{left} of {line.quantity} {line.sku}"
            missing.setdefault(reason, []).append(part)
    told = [f"{why} for {wording.listed(skus)}: {fate}" for (why, fate), skus in missing.items()]
    return [wording.listed(told, "; ", MOST_REASONS)] if told else []


def _early(scene: Scene, contents: Contents, number: int) -> tuple[str, str] | None:
    """That it, or what it travels with, may not leave yet where any of it is left."""
    day = max(_days(scene, contents, number), default=None)
    return (f"not to leave before {day.isoformat()}", "preordered") if day else None


def _days(scene: Scene, contents: Contents, number: int) -> Iterator[date]:
    name = scene.lines[number].keep_together
    for n, line in enumerate(scene.lines):
        if line.releases_on and (n == number or (name and line.keep_together == name)):
            left = dict(scene.supply.available.get(line.sku, {}))
            for place, parcel in contents.items():
                if n in parcel:
                    left[scene.network.locations[place].location_id] -= parcel[n]
            midnights = beginnings(line.releases_on, left, scene.network, scene.now)
            if any(midnight > scene.now for midnight in midnights):
                yield line.releases_on


def _shortage(scene: Scene, number: int) -> str:
    """Why units of a line are left over."""
    sku = scene.lines[number].sku
    stocked = scene.supply.at_least(scene.network, sku, 1)
    if not stocked:
        return "no stock anywhere"
    able = scene.able(number, 1)
    if not able:
        return f"no eligible stock ({_out(scene, stocked)})"
    if _tired(scene, number, able):
        return "not enough effort left today where it is"
    if scene.rules.fences.ship_complete:
        return f"orders ship complete or not at all{_incomplete(scene)}"
    quantity = scene.lines[number].quantity
    there = supply_of(scene, (number,), quantity)
    if there < quantity:
        more = f"; {_out(scene, stocked & ~able)}" if stocked & ~able else ""
        return f"not enough eligible stock ({wording.units(there)}{more})"
    if scene.rules.fences.split_value:
        return "worth too little to be a shipment of its own"
    most = scene.max_shipments
    return "other lines took the stock" if most is None else _too_many(most)


def _tired(scene: Scene, number: int, able: int) -> bool:
    """Whether the stock would do, had its locations effort for all that is asked for."""
    if supply_of(scene, (number,), scene.lines[number].quantity) < scene.lines[number].quantity:
        return False
    everything = scene.too_much((n, line.quantity) for n, line in enumerate(scene.lines))
    return bool(able) and not able & ~everything


def _too_many(shipments: int) -> str:
    return f"it would take more than {shipments} shipment{'' if shipments == 1 else 's'}"


def _out(scene: Scene, places: int) -> str:
    """The nearest of the locations that are out, and why: `Boston store: closed, and 2 more`."""
    place = scene.view.nearest(places)
    more = places.bit_count() - 1
    text = f"{named(scene, place)}: {reason_out(scene, place)}"
    return text + (f", and {more} more" if more else "")


def _incomplete(scene: Scene) -> str:
    """Which lines keep the others from going, as far as it is for want of stock."""
    short = [
        str(line.sku)
        for number, line in enumerate(scene.lines)
        if supply_of(scene, (number,), line.quantity) < line.quantity
    ]
    return f", and {wording.listed(short)} {'is' if len(short) == 1 else 'are'} short" * bool(short)


def named(scene: Scene, place: int) -> str:
    """What people call a location."""
    location = scene.network.locations[place]
    return location.name or location.location_id
