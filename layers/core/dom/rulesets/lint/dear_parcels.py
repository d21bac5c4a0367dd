"""A rate card on which one parcel costs more than its goods in two."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement

from dom.model.versions import Finding
from dom.rulesets.lint.finding import Matter, warning


def check(matter: Matter) -> Iterator[Finding]:
    """The first such pair of weights in each zone. Prices rise, so breaks are the worst cases."""
    card = matter.rules.rate_card
    for zone in range(card.last_zone + 1):
        for one, other in combinations_with_replacement(card.breaks_grams, 2):
            whole = card.price(one + other, zone)
            parts = card.price(one, zone) + card.price(other, zone)
            if whole > parts:
                text = (
                    f"in zone {zone} a parcel of {one + other} g costs {whole}, its goods in two "
                    f"of {one} g and {other} g only {parts}: plans may be short of the best"
                )
                yield warning("parcel_dearer_than_two", "rate_card.prices", text)
                break
