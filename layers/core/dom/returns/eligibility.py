"""Whether the policy allows it: the first rule that holds for a line decides it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dom.model.fulfillment import FulfillmentOrder
from dom.model.ids import Sku
from dom.model.order import Order
from dom.model.product import Product
from dom.model.return_policy import ReturnPolicy, ReturnRule
from dom.model.return_terms import OUR_FAULT, Since
from dom.model.rma import ReturnLine, Ruling

APPROVED, DECLINED, REVIEW = "approved", "declined", "review"


def judge(
    order: Order,
    lines: Sequence[ReturnLine],
    works: Iterable[FulfillmentOrder],
    products: Mapping[Sku, Product],
    policy: ReturnPolicy,
    now: datetime,
) -> tuple[Ruling, tuple[ReturnLine, ...]]:
    """What the policy says of the whole request, and the lines with the fee that their rules keep.

    One line that is declined declines it; one that a person must see has a person see it. A line
    that no rule holds for is declined.
    """
    delivered = delivered_at(order, works)
    verdicts: list[Ruling] = []
    ruled: list[ReturnLine] = []
    for line in lines:
        product = products.get(line.sku) if line.sku else None
        rule = rule_for(line, order.channel, product.category if product else "", policy)
        verdicts.append(_verdict(line, rule, order, delivered.get(line.line_id), now))
        fee = rule.restocking_percent if rule and line.reason not in OUR_FAULT else 0
        ruled.append(replace(line, restocking_percent=fee))
    worst = max(verdicts, key=lambda one: _WEIGHT[one.verdict])
    return worst, tuple(ruled)


_WEIGHT = {APPROVED: 0, REVIEW: 1, DECLINED: 2}


def rule_for(
    line: ReturnLine, channel: str, category: str, policy: ReturnPolicy
) -> ReturnRule | None:
    """The first rule of the policy that holds for the line, or None."""
    for rule in policy.rules:
        if (
            (not rule.categories or category in rule.categories)
            and (not rule.channels or channel in rule.channels)
            and (not rule.reasons or line.reason in rule.reasons)
        ):
            return rule
    return None


def delivered_at(order: Order, works: Iterable[FulfillmentOrder]) -> dict[str, datetime]:
    """When the customer last got units of each line, as far as a FulfillmentOrder says so."""
    found: dict[str, datetime] = {}
    for work in works:
        ends = [e.at for e in work.history if e.type == "FulfillmentOrderDelivered"]
        for line in work.lines if ends else ():
            found[line.line_id] = max(ends[-1], found.get(line.line_id, order.placed_at))
    return found


def _verdict(
    line: ReturnLine,
    rule: ReturnRule | None,
    order: Order,
    delivered: datetime | None,
    now: datetime,
) -> Ruling:
    if rule is None:
        return Ruling(DECLINED, "", f"{line.line_id}: no rule allows it")
    if order.line(line.line_id).ship_group_id is None:
        return Ruling(DECLINED, rule.name, f"{line.line_id}: nothing of it was ever shipped")
    if rule.final_sale:
        return Ruling(DECLINED, rule.name, f"{line.line_id}: final sale")
    start = delivered if delivered and rule.since is Since.DELIVERY else order.placed_at
    if rule.days is not None and now > start + timedelta(days=rule.days):
        days = f"{rule.days} days from {rule.since.value} are over since"
        ended = start + timedelta(days=rule.days)
        return Ruling(DECLINED, rule.name, f"{line.line_id}: {days} {ended:%Y-%m-%d}")
    if rule.review:
        return Ruling(REVIEW, rule.name, f"{line.line_id}: a person decides")
    return Ruling(APPROVED, rule.name, f"{line.line_id}: allowed")
