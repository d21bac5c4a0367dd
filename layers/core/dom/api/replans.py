"""The re-plan in the API: its operation, the body that asks for it, and how it is answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from dom.api.operation import Operation
from dom.api.replan_views import EndingWorkView, MoveView, NewParcelView, ReplanView, RestView
from dom.api.views import WorkLineView
from dom.errors import InvalidInput
from dom.model import names
from dom.model.clock import to_text
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder
from dom.model.ids import LocationId
from dom.model.replan import Ask, Moved, NewParcel, Report, Rest

MOST_LOCATIONS = 200
MOST_WORKS = 1_000


class ReplanBody(BaseModel):
    """What to plan anew: all that waits unless said. `limit`: about how many FulfillmentOrders.

    `threshold`: minor units that each order moved must save. `next` of an earlier answer goes on
    there. Nothing moves without `commit`.
    """

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    location_ids: list[str] | None = Field(None, min_length=1, max_length=MOST_LOCATIONS)
    cursor: Annotated[str, Field(max_length=400)] | None = None
    limit: int = Field(300, ge=1, le=MOST_WORKS, strict=True)
    threshold: int | None = Field(None, ge=0, le=100_000_000, strict=True)
    commit: bool = Field(False, strict=True)

    def ask(self) -> Ask:
        """What the use case takes; InvalidInput names a location that no key can hold."""
        places = None if self.location_ids is None else self._places(self.location_ids)
        if self.cursor and not places:
            raise InvalidInput("cursor", "it belongs to the first of location_ids")
        return Ask(places, self.cursor, self.limit, self.threshold, self.commit)

    def _places(self, texts: list[str]) -> tuple[LocationId, ...]:
        return tuple(dict.fromkeys(names.location_id(text) for text in texts))


POST_REPLAN = Operation(
    "postReplan",
    "POST",
    "/replan",
    "routing:write",
    "What would move of the work that waits for its release, and what that saves.",
    ReplanView,
    body=ReplanBody,
    body_required=False,
)
OPERATIONS = (POST_REPLAN,)


def render_report(report: Report, committed: bool) -> ReplanView:
    """The answer."""
    return {
        "committed": committed,
        "fulfillment_orders": report.works,
        "ship_groups": report.ship_groups,
        "cost": report.cost,
        "bound": report.bound,
        "gap": report.gap,
        "saved": report.saved,
        "moves": [
            _move(number, move)
            for number, bundle in enumerate(report.bundles, 1)
            for move in bundle.moves
        ],
        "kept": dict(sorted(report.kept.items())),
        "next": render_rest(report.rest) if report.rest else None,
    }


def render_rest(rest: Rest) -> RestView:
    """Where to go on."""
    return {"location_ids": list(rest.location_ids), "cursor": rest.cursor}


def _move(bundle: int, move: Moved) -> MoveView:
    return {
        "bundle": bundle,
        "order_id": move.order_id,
        "ship_group_id": move.ship_group_id,
        "ends": [_ending(work) for work in move.ends],
        "begins": [_begin(one) for one in move.begins],
        "saved": {"amount": move.saved, "currency": move.currency},
        "cash_saved": {"amount": move.cash_saved, "currency": move.currency},
        "forced": move.forced,
    }


def _ending(work: FulfillmentOrder) -> EndingWorkView:
    return {
        "fulfillment_order_id": work.id,
        "location_id": work.location_id,
        "lines": [_line(line) for line in work.lines],
    }


def _begin(one: NewParcel) -> NewParcelView:
    return {
        "location_id": one.location_id,
        "lines": [_line(line) for line in one.lines],
        "distance_km": one.distance_km,
        "co2e_grams": one.co2e_grams,
        "delivers_by": to_text(one.delivers_by),
    }


def _line(line: FulfillmentLine) -> WorkLineView:
    return {"line_id": line.line_id, "sku": line.sku, "quantity": line.quantity}
