"""Whether one rule's demands, locations, times and effects lie within, or touch, another's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dom.model.overlay import AT_LOCATION, Change, Overlay
from dom.model.scope import When, Where

# Local clocks are at most so far from UTC.
FARTHEST = timedelta(hours=14)
_WHEN = ("channels", "methods", "countries", "tiers", "categories")
_WHERE = ("locations", "groups", "types", "countries")
# A demand has several categories and a location several groups: two sets of those never part them.
_MANY = frozenset({"categories", "groups"})


def replaces(change: Change) -> dict[str, object]:
    """Effects of which the last one wins, by their place in the document."""
    effects: dict[str, object] = {f"weights.{name}": v for name, v in change.weights.items()}
    effects |= {f"fences.{name}": value for name, value in change.fences.items()}
    if change.exclude:
        effects["exclude"] = True
    for name in ("min_routing_stock", "radius_km"):
        if getattr(change, name) is not None:
            effects[name] = getattr(change, name)
    return effects


def adds(change: Change) -> bool:
    """Whether it has effects that add up, which nothing later replaces."""
    return bool(change.parcel or change.unit)


def is_about_locations(effect: str) -> bool:
    """Whether the rule's `where` says for whom an effect is."""
    return not effect.startswith(("weights.", "fences."))


def when_within(inner: When, outer: When) -> bool:
    """Whether `outer` holds whenever `inner` does."""
    below = outer.below_value
    return (
        _within(inner, outer, _WHEN)
        and outer.least_value <= inner.least_value
        and (below is None or (inner.below_value is not None and inner.below_value <= below))
    )


def where_within(inner: Where, outer: Where) -> bool:
    """Whether `outer` holds wherever `inner` does."""
    return _within(inner, outer, _WHERE)


def when_touch(one: When, other: When) -> bool:
    """Whether a demand could be of both kinds."""
    return (
        _touch(one, other, _WHEN)
        and (one.below_value is None or other.least_value < one.below_value)
        and (other.below_value is None or one.least_value < other.below_value)
    )


def where_touch(one: Where, other: Where) -> bool:
    """Whether a location could be of both kinds."""
    return _touch(one, other, _WHERE)


def time_within(inner: Overlay | None, outer: Overlay | None) -> bool:
    """Whether `outer` is in force whenever `inner` is; None: always."""
    if outer is None or inner is None:
        return outer is None
    same = inner.timezone == outer.timezone
    return same and outer.starts <= inner.starts and inner.ends <= outer.ends


def time_touch(one: Overlay | None, other: Overlay | None) -> bool:
    """Whether both could be in force at one moment, somewhere; None: always."""
    if one is None or other is None:
        return True
    (a, b), (c, d) = span(one), span(other)
    if one.timezone == other.timezone:
        return one.starts < other.ends and other.starts < one.ends
    return a < d and c < b


def span(overlay: Overlay) -> tuple[datetime, datetime]:
    """From the first to the last instant at which it can be in force anywhere."""
    if overlay.timezone == AT_LOCATION:
        starts, ends = (at.replace(tzinfo=UTC) for at in (overlay.starts, overlay.ends))
        return _moved(starts, -FARTHEST), _moved(ends, FARTHEST)
    zone = ZoneInfo(overlay.timezone)
    starts, ends = (at.replace(tzinfo=zone) for at in (overlay.starts, overlay.ends))
    return starts, ends


def _moved(at: datetime, by: timedelta) -> datetime:
    try:
        return at + by
    except OverflowError:
        return at


def _within(inner: object, outer: object, names: tuple[str, ...]) -> bool:
    return all(
        not having or (bool(has) and has <= having)
        for has, having in (_sets(inner, outer)[name] for name in names)
    )


def _touch(one: object, other: object, names: tuple[str, ...]) -> bool:
    pairs = _sets(one, other)
    return all(
        not a or not b or bool(a & b) for a, b in (pairs[n] for n in names if n not in _MANY)
    )


def _sets(one: object, other: object) -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
    names = _WHEN if isinstance(one, When) else _WHERE
    return {name: (getattr(one, name), getattr(other, name)) for name in names}
