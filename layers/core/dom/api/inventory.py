"""Stock in the API: operations, the body of a PUT, and how positions are shown."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field

from dom.api.inventory_batch import POST_BATCH
from dom.api.movements import GET_MOVEMENTS
from dom.api.operation import Operation
from dom.api.views import InventoryView, PositionView, StockView
from dom.model.ids import Sku
from dom.model.stock import Position

MOST_UNITS = 1_000_000_000


class PositionBody(BaseModel):
    """What was counted, in units. Without `safety_stock` it stays as it is (0 at first)."""

    model_config = ConfigDict(extra="ignore")

    on_hand: int = Field(ge=0, le=MOST_UNITS, strict=True)
    safety_stock: int | None = Field(None, ge=0, le=MOST_UNITS, strict=True)


PUT_POSITION = Operation(
    "putPosition",
    "PUT",
    "/inventory/{location_id}/{sku+}",
    "inventory:write",
    "Set what is on hand of a SKU at a location; the difference becomes a movement.",
    StockView,
    body=PositionBody,
    problems=(404,),
)
GET_INVENTORY = Operation(
    "getInventory",
    "GET",
    "/inventory/{sku+}",
    "inventory:read",
    "A SKU's positions, read consistently; an unknown SKU has none and an atp of 0.",
    InventoryView,
)
OPERATIONS = (PUT_POSITION, GET_INVENTORY, POST_BATCH, GET_MOVEMENTS)


def render_inventory(sku: Sku, positions: Iterable[Position]) -> InventoryView:
    """A SKU with its positions and their summed atp."""
    views = [_position(position) for position in positions]
    return {"sku": sku, "positions": views, "atp": sum(view["atp"] for view in views)}


def render_stock(position: Position) -> StockView:
    """One position with its SKU."""
    return {"sku": position.sku, **_position(position)}


def _position(position: Position) -> PositionView:
    return {
        "location_id": position.location_id,
        "on_hand": position.on_hand,
        "unsellable": position.unsellable,
        "reserved": position.reserved,
        "safety_stock": position.safety_stock,
        "available": position.available,
        "atp": position.atp,
        "version": position.version,
    }
