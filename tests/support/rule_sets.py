"""Rule sets of every shape that the model allows, for Hypothesis."""

from __future__ import annotations

from dataclasses import fields
from datetime import time
from typing import Any

from dom.model.ids import LocationId
from dom.model.location import LocationType
from dom.model.order import Method
from dom.model.overlay import AT_LOCATION, Change, Overlay, Rule
from dom.model.rate_card import RateCard
from dom.model.rules import Dropship, Fences, Handling, Pass, RuleSet, Service, Weights
from dom.model.scope import When, Where
from hypothesis import strategies as st

# What YAML readers like to take for something else is among them on purpose.
WORDS = (
    "no",
    "NO",
    "yes",
    "null",
    "~",
    "007",
    "12",
    "1.5",
    "14:00",
    "2026-01-01",
    "a: b",
    "ö",
    "#",
)
words = st.sampled_from(WORDS) | st.text("abc -_{}[],'\":é", min_size=1, max_size=8)
amounts = st.integers(0, 10**12)
signed = st.integers(-(10**12), 10**12)
percents = st.integers(0, 1_000)
countries = st.frozensets(st.sampled_from(["US", "NO", "DE", "ON"]))
names = st.frozensets(words, max_size=3)
places = st.frozensets(words.map(LocationId), max_size=3)
times = st.times().map(lambda at: at.replace(microsecond=0))
# Wall clock, as overlays have it.
moments = st.datetimes().map(lambda at: at.replace(microsecond=0))
kinds = st.sampled_from(LocationType)
handlings = st.builds(Handling, amounts, amounts)


def _some(**values: Any) -> Any:
    """Some of the named values."""
    return st.fixed_dictionaries({}, optional=values)


all_handling = st.fixed_dictionaries(dict.fromkeys(LocationType, handlings))
weight_values = {
    one.name: percents if one.name in ("last_unit", "markdown") else amounts
    for one in fields(Weights)
    if one.name != "handling"
}
weights = st.builds(Weights, **weight_values, handling=all_handling)
fence_values: dict[str, Any] = {
    "ship_complete": st.booleans(),
    "max_splits": st.none() | amounts,
    "split_value": amounts,
    "min_routing_stock": amounts,
    "ships_to": st.dictionaries(st.sampled_from(["US", "NO"]), countries),
    "radius_km": st.none() | amounts,
    "same_day_km": amounts,
    "groups": names,
    "excluded": places,
    "dropship": st.sampled_from(Dropship),
}
fences = st.builds(Fences, **fence_values)
changes = st.builds(
    Change,
    weights=_some(**weight_values),
    fences=_some(**fence_values),
    exclude=st.booleans(),
    parcel=signed,
    unit=signed,
    min_routing_stock=st.none() | amounts,
    radius_km=st.none() | amounts,
)
whens = st.builds(
    When,
    channels=names,
    methods=st.frozensets(st.sampled_from(Method)),
    countries=countries,
    tiers=names,
    categories=names,
    least_value=amounts,
    below_value=st.none() | amounts,
)
wheres = st.builds(
    Where, locations=places, groups=names, types=st.frozensets(kinds), countries=countries
)
rules = st.builds(Rule, words, changes, whens, wheres)
zones = st.sampled_from(["UTC", "Europe/Oslo", AT_LOCATION])
overlays = st.builds(Overlay, rules, moments, moments, zones, signed)
passes = st.builds(Pass, words, st.none() | st.integers(0, 30), st.none() | amounts)
ladders = st.lists(st.integers(1, 10_000), min_size=2, max_size=2).map(sorted).map(tuple)
cards = st.builds(
    RateCard,
    edges_km=st.integers(1, 5_000).map(lambda km: (km,)),
    breaks_grams=st.integers(1, 30_000).map(lambda grams: (grams,)),
    prices=ladders.map(lambda row: (row,)),
    cross_border=amounts,
)
days = st.lists(st.integers(0, 30), min_size=2, max_size=2).map(sorted).map(tuple)
services = st.builds(
    Service,
    cutoff=times,
    cutoffs=st.dictionaries(kinds, times),
    transit_days=days,
    cross_border_days=st.integers(0, 30),
    delivered_until=st.just(time(20, 0)) | times,
    holidays=st.frozensets(st.dates(), max_size=3),
)


def _few(values: Any) -> Any:
    return st.lists(values, max_size=2).map(tuple)


rule_sets = st.builds(
    RuleSet,
    version=st.just("x-1"),
    weights=weights,
    fences=fences,
    passes=_few(passes),
    rules=_few(rules),
    overlays=_few(overlays),
    service=services,
    rate_card=cards,
    last_mile_km=amounts,
)
