"""A feed of stock in the API: its body, its rows one by one, and what became of them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from dom.api.identity import Identity
from dom.api.operation import Operation
from dom.api.views import BatchView
from dom.errors import Forbidden, InvalidInput
from dom.model import names
from dom.model.feed import (
    MOST_ROWS,
    MOST_UNITS,
    Feed,
    FeedMode,
    FeedResult,
    FeedRow,
    QuantityIs,
    RowError,
    check_quantity,
)


class RowBody(BaseModel):
    """Units of a SKU at a location: what lies there, or by how much it changed."""

    model_config = ConfigDict(extra="ignore")

    location_id: str = Field(strict=True)
    sku: str = Field(strict=True)
    quantity: int = Field(ge=-MOST_UNITS, le=MOST_UNITS, strict=True)


# Rows are looked at one by one: a bad one does not stand in its neighbors' way.
AnyRow = Annotated[Any, WithJsonSchema(RowBody.model_json_schema())]
Source = Annotated[str, StringConstraints(pattern=r"^[!-~]+( [!-~]+)*$", max_length=100)]


class BatchBody(BaseModel):
    """A feed. `as_of` is the source's time; `quantity_is` says what its figures count.

    `complete` (snapshots): what the rows do not name does not lie at the locations they name.
    """

    model_config = ConfigDict(extra="ignore")

    source: Source
    mode: FeedMode
    quantity_is: QuantityIs
    as_of: AwareDatetime
    rows: list[AnyRow] = Field(min_length=1, max_length=MOST_ROWS)
    complete: bool = False

    @model_validator(mode="after")
    def _only_snapshots_are_complete(self) -> BatchBody:
        if self.complete and self.mode is FeedMode.DELTA:
            raise ValueError("changes cannot be complete")
        return self


POST_BATCH = Operation(
    "postInventoryBatch",
    "POST",
    "/inventory/batch",
    "inventory:write",
    "A feed of stock: changes or a snapshot. Good rows are written, bad ones named.",
    BatchView,
    body=BatchBody,
)


def read_feed(body: BatchBody, caller: Identity) -> tuple[Feed, list[RowError]]:
    """The feed of the rows that the caller may write, and why the other rows may not be."""
    read = [_read(number, row, body, caller) for number, row in enumerate(body.rows)]
    rows = tuple(row for row in read if isinstance(row, FeedRow))
    errors = [row for row in read if isinstance(row, RowError)]
    feed = Feed(body.source, body.mode, body.quantity_is, body.as_of, rows, body.complete)
    return feed, errors


def _read(number: int, row: object, body: BatchBody, caller: Identity) -> FeedRow | RowError:
    try:
        found = RowBody.model_validate(row)
        location_id = names.location_id(found.location_id)
        caller.require_location(location_id)
        check_quantity(found.quantity, body.mode, body.quantity_is)
        return FeedRow(number, names.sku(found.sku), location_id, found.quantity)
    except ValidationError as error:
        first = error.errors()[0]
        return RowError(number, str(first["loc"][0]) if first["loc"] else "row", first["msg"])
    except InvalidInput as error:
        return RowError(number, error.field, error.reason)
    except Forbidden as error:
        return RowError(number, "location_id", str(error))


def render_result(result: FeedResult) -> BatchView:
    """What became of the rows."""
    return {
        "accepted": result.accepted,
        "unchanged": result.unchanged,
        "rejected": [
            {"row": one.row, "field": one.field, "reason": one.reason} for one in result.rejected
        ],
        "emptied": result.emptied,
    }
