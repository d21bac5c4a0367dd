"""CO2e of a parcel's way, and its price.

Factors: UK DESNZ/DEFRA greenhouse gas conversion factors 2025 (Open Government Licence v3),
freighting goods, kg CO2e per tonne-km, direct: HGV all, average laden; van average, diesel.
"""

from __future__ import annotations

from dom.model.rules import RuleSet
from dom.sourcing.pricing import Parcel
from dom.sourcing.promise import COLLECTED
from dom.sourcing.score import UNKNOWN_METRES

FACTORS = "DEFRA 2025"
HGV_GRAMS_PER_TONNE_KM = 101.63
VAN_GRAMS_PER_TONNE_KM = 631.3


def road_grams(grams: int, metres: int, factor: float) -> float:
    """g CO2e of moving that weight that far: tonnes x km x g per tonne-km."""
    return grams / 1_000_000 * metres / 1000 * factor


def co2e_grams(parcel: Parcel, rules: RuleSet) -> int:
    """g CO2e: trunk haul by lorry over the great-circle distance, then the last mile by van.

    An unknown distance counts as the longest on Earth, so that not knowing never looks clean.
    """
    if parcel.method in COLLECTED:
        return 0
    metres = UNKNOWN_METRES if parcel.metres is None else parcel.metres
    trunk = road_grams(parcel.grams, metres, HGV_GRAMS_PER_TONNE_KM)
    last_mile = road_grams(parcel.grams, rules.last_mile_km * 1000, VAN_GRAMS_PER_TONNE_KM)
    return round(trunk + last_mile)


def price(parcel: Parcel, rules: RuleSet) -> int:
    """Minor units, rounded half up to whole ones."""
    return (co2e_grams(parcel, rules) * rules.weights.co2e_tonne + 500_000) // 1_000_000
