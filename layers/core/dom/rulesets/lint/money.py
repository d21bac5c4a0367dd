"""What the dearest thing costs that a plan may hold, by a rule set's own prices."""

from __future__ import annotations

from dom.model.rules import RuleSet
from dom.sourcing.objectives.carbon import HGV_GRAMS_PER_TONNE_KM, road_grams
from dom.sourcing.score import UNKNOWN_METRES

# More units in one parcel, or more days for it, are not normal.
UNITS, DAYS = 100, 30


def dearest_parcel(rules: RuleSet) -> int:
    """Minor units of a full box in the last zone, sent abroad, with labor and a month's waiting."""
    card, weights = rules.rate_card, rules.weights
    labor = max((h.parcel + UNITS * h.unit for h in weights.handling.values()), default=0)
    farthest = max(card.prices[-1])
    carbon = weights.co2e_tonne * most_co2e_grams(rules) // 1_000_000
    return farthest + card.cross_border + labor + DAYS * weights.day + carbon


def most_co2e_grams(rules: RuleSet) -> int:
    """g CO2e of a full box sent to the other end of the earth."""
    box = rules.rate_card.breaks_grams[-1]
    return round(road_grams(box, UNKNOWN_METRES, HGV_GRAMS_PER_TONNE_KM))
