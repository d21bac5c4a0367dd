"""What another rule set would have decided: recorded beside the decision, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dom.model.ids import LocationId, OrderId


@dataclass(frozen=True, slots=True)
class Figures:
    """A plan in numbers. `cost` in minor units, by the rule set's own prices.

    `hours`: from the decision to the last delivery, 0 for none. `left`: units without a place.
    """

    parcels: int = 0
    cost: int = 0
    hours: int = 0
    co2e_grams: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class ShadowDecision:
    """A ship group decided by the shadow's rules, against the stock that the decision itself had.

    `decision_id` names that decision, `same` says whether both send the same units from the same
    `locations`.
    """

    decision_id: str
    order_id: OrderId
    ship_group_id: str
    at: datetime
    rule_version: str
    active_version: str
    active: Figures
    shadow: Figures
    locations: tuple[LocationId, ...]
    same: bool
