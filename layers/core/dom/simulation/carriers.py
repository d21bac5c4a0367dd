"""A rule set as carriers deliver at an instant: their strikes and surcharges laid over it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from dom.model.rate_card import RateCard
from dom.model.rules import RuleSet
from dom.simulation.world import CarrierChange


def in_force(changes: Iterable[CarrierChange], now: datetime) -> tuple[CarrierChange, ...]:
    """The changes that hold at that instant."""
    return tuple(one for one in changes if one.starts <= now < one.ends)


def under(rules: RuleSet, changes: Iterable[CarrierChange]) -> RuleSet:
    """The rules with all of the changes applied."""
    for change in changes:
        days = tuple(day + change.extra_days for day in rules.service.transit_days)
        border = rules.service.cross_border_days + change.extra_days
        service = replace(rules.service, transit_days=days, cross_border_days=border)
        card = _priced(rules.rate_card, change.price_percent)
        rules = replace(rules, service=service, rate_card=card)
    return rules


def _priced(card: RateCard, percent: int) -> RateCard:
    """Prices are rounded up: a carrier's 0 means "no price"."""
    prices = tuple(tuple(-(-price * percent // 100) for price in row) for row in card.prices)
    return replace(card, prices=prices)
