"""What was chosen instead of a pickup stays, though its channel goes on telling the pickup."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dom.intake.hold import Policy
from dom.intake.merge import merge
from dom.model.facts import Facts
from dom.model.ids import LocationId
from dom.model.order import Method, Order
from support.intake import facts_of, sample

NOW = datetime.fromisoformat("2026-11-22T15:10:00+00:00")


def told(hours: int) -> Facts:
    body = sample("orders-create")
    later = datetime.fromisoformat(body["updated_at"]) + timedelta(hours=hours)
    return facts_of("orders/updated", {**body, "updated_at": later.isoformat(), "note": str(hours)})


def heard(order: Order | None, facts: Facts) -> Order:
    merged = merge(order, facts, NOW, Policy())
    assert merged
    return merged.order


def test_a_repeat_of_the_channel_does_not_undo_the_choice() -> None:
    before = heard(None, told(0))
    group = before.ship_groups[0]
    other = replace(group, method=Method.CURBSIDE, location_id=LocationId("SHOP"))
    chosen = replace(before, ship_groups=(other, *before.ship_groups[1:]), chosen=(group.id,))
    after = heard(chosen, told(1)).ship_groups[0]
    assert (after.method, after.location_id) == (Method.CURBSIDE, "SHOP")
    assert heard(before, told(1)).ship_groups[0].method is group.method
