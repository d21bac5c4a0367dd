"""The ledger in the API: a position's movements, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable

from dom.api.operation import Operation, Query
from dom.api.views import MovementsView, MovementView
from dom.model.clock import to_text
from dom.model.ids import LocationId, Sku
from dom.model.stock import Movement

GET_MOVEMENTS = Operation(
    "listMovements",
    "GET",
    "/inventory/{sku+}/movements",
    "inventory:read",
    "Why a position is what it is: its movements, newest first; a page at a time.",
    MovementsView,
    query=(
        Query("location_id", "Where.", required=True),
        Query("next", "Cursor of the page before."),
    ),
)


def render_movements(
    sku: Sku, location_id: LocationId, movements: Iterable[Movement], cursor: str | None
) -> MovementsView:
    """A page of movements with the cursor of what follows."""
    return {
        "sku": sku,
        "location_id": location_id,
        "movements": [_movement(one) for one in movements],
        "next": cursor,
    }


def _movement(movement: Movement) -> MovementView:
    return {
        "id": movement.commit_id,
        "cause": movement.cause.value,
        "on_hand": movement.on_hand,
        "unsellable": movement.unsellable,
        "reserved": movement.reserved,
        "safety_stock": movement.safety_stock,
        "references": [dict(one) for one in movement.references],
        "actor": movement.actor,
        "occurred_at": to_text(movement.occurred_at),
        "recorded_at": to_text(movement.recorded_at),
    }
