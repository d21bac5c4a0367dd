"""What may come back, at whose cost, and what becomes of it: the part of a rule set for returns.

Amounts are minor units of the order's currency, taken as they are (see `dom.model.rules`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dom.model.location import LocationType
from dom.model.return_terms import Condition, Disposition, ReturnReason, ShipsOn, Since


@dataclass(frozen=True, slots=True)
class ReturnRule:
    """What holds for lines that match all that is named (nothing named: every line).

    The first match decides. `days` None: without end. `review`: a person decides. `final_sale`:
    never. `restocking_percent` of the goods is kept unless the seller is at fault.
    """

    name: str
    categories: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    reasons: frozenset[ReturnReason] = frozenset()
    days: int | None = 30
    since: Since = Since.DELIVERY
    final_sale: bool = False
    review: bool = False
    restocking_percent: int = 0


@dataclass(frozen=True, slots=True)
class DispositionRule:
    """What becomes of units that are found in a `condition`, by category and value.

    The first match decides. `least_value`: only units that were sold for so much or more.
    """

    condition: Condition
    disposition: Disposition
    categories: frozenset[str] = frozenset()
    least_value: int = 0


def _default_dispositions() -> tuple[DispositionRule, ...]:
    c, d = Condition, Disposition
    return (
        DispositionRule(c.NEW, d.RESTOCK),
        DispositionRule(c.GOOD, d.RESTOCK),
        DispositionRule(c.FAIR, d.REFURBISH, least_value=4_000),
        DispositionRule(c.FAIR, d.LIQUIDATE),
        DispositionRule(c.DAMAGED, d.RETURN_TO_VENDOR, least_value=10_000),
        DispositionRule(c.DAMAGED, d.DISPOSE),
    )


def _default_processing() -> dict[LocationType, int]:
    return {
        LocationType.DC: 150,
        LocationType.WAREHOUSE: 150,
        LocationType.DARK_STORE: 200,
        LocationType.STORE: 180,
        LocationType.SUPPLIER: 100,
    }


def _default_resale() -> dict[ReturnReason, int]:
    r = ReturnReason
    percent = dict.fromkeys(ReturnReason, 90)
    return {**percent, r.DEFECTIVE: 10, r.NOT_AS_DESCRIBED: 70, r.WRONG_ITEM: 92, r.UNKNOWN: 80}


@dataclass(frozen=True, slots=True)
class ReturnRouting:
    """What returns are routed by.

    `processing`: minor units for receiving and inspecting a unit, by type of location; a type that
    is not there takes no returns. `resale_percent`: chance that a unit can be sold as new, by
    reason. `refurbish`: minor units for making one sellable that cannot. `salvage_percent`: share
    of its price that one brings that never can. `decay_percent`: share of its price that a unit
    loses in each week until it is back on sale. `weeks_ample`: a location with stock for so many
    weeks has no use for one more and sells it at the markdown share `ample_percent`. `visits`: a
    store's parcels go on together once a week, `leg_percent` of the price of sending them one by
    one. `mail_discount_percent`: what the contract for returns saves against the rate card.
    `keep_below`: the customer keeps goods when bringing them back costs more than `keep_below`
    percent of what they are worth there (0: never).
    """

    processing: Mapping[LocationType, int] = field(default_factory=_default_processing)
    resale_percent: Mapping[ReturnReason, int] = field(default_factory=_default_resale)
    refurbish: int = 400
    salvage_percent: int = 25
    decay_percent: int = 2
    weeks_ample: int = 12
    ample_percent: int = 70
    leg_percent: int = 40
    mail_discount_percent: int = 0
    keep_below: int = 100
    handling_days: int = 1


@dataclass(frozen=True, slots=True)
class ReturnPolicy:
    """Rules of returns. `label_fee`: kept from a refund of a parcel sent on our label.

    `condition_percent`: share of the price that is paid for what is found in a condition; one that
    is not named is paid in full. `receive_days`: how long a return that was approved may take to
    come; `inspect_hours`: how long one that came may wait. `review_score`: customers with such a
    score of this year's returns (0 to 100) are looked at by a person (None: nobody). A SKU or a
    location is told of once `alert_units` of it were returned in a month and `alert_percent` of
    them for a fault. `label_services`: what may carry it (`USPS`, or `USPS.GroundAdvantage`; none
    named: any), for at most `label_most` (None: whatever it costs).
    """

    rules: tuple[ReturnRule, ...] = (ReturnRule("default"),)
    dispositions: tuple[DispositionRule, ...] = field(default_factory=_default_dispositions)
    routing: ReturnRouting = field(default_factory=ReturnRouting)
    refund_on: ShipsOn = ShipsOn.INSPECTION
    exchange_on: ShipsOn = ShipsOn.SCAN
    refund_shipping: bool = True
    label_fee: int = 0
    condition_percent: Mapping[Condition, int] = field(default_factory=dict)
    receive_days: int = 30
    inspect_hours: int = 48
    review_score: int | None = 80
    alert_units: int = 10
    alert_percent: int = 30
    label_services: frozenset[str] = frozenset()
    label_most: int | None = None

    def disposition(self, condition: Condition, category: str, value: int) -> Disposition:
        """What becomes of a unit that was sold for `value` minor units; DISPOSE if no rule says."""
        for rule in self.dispositions:
            if (
                rule.condition is condition
                and (not rule.categories or category in rule.categories)
                and value >= rule.least_value
            ):
                return rule.disposition
        return Disposition.DISPOSE
