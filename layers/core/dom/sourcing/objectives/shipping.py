"""What the carrier takes: the rate card by weight and zone; a courier's price for same day."""

from __future__ import annotations

from dom.model.order import Method
from dom.model.rules import RuleSet
from dom.sourcing.pricing import Parcel
from dom.sourcing.promise import COLLECTED
from dom.sourcing.score import UNKNOWN_METRES


def price(parcel: Parcel, rules: RuleSet) -> int:
    """Minor units, as the card has them; nothing when the customer collects."""
    card = rules.rate_card
    if parcel.method in COLLECTED:
        return 0
    if parcel.method is Method.SAME_DAY:
        way = UNKNOWN_METRES if parcel.metres is None else parcel.metres
        return card.same_day + card.same_day_per_km * way // 1000
    grams = card.billable(parcel.grams, parcel.bulk)
    return card.price(grams, parcel.zone) + (card.cross_border if parcel.cross_border else 0)
