"""A feed of stock in the API: its body, its rows one by one, and what became of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

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
from dom.model.stock import Cause


class RowBody(BaseModel):
    """Units of a SKU at a location: what lies there, or by how much it changed."""

    model_config = ConfigDict(extra="ignore")

    location_id: str = Field(strict=True)
    sku: str = Field(strict=True)
    quantity: int = Field(ge=-MOST_UNITS, le=MOST_UNITS, strict=True)


# Rows are looked at one by one: a bad one does not stand in its neighbors' way.
AnyRow = Annotated[Any, WithJsonSchema(RowBody.model_json_schema())]
Reference = Annotated[str, StringConstraints(pattern=r"^[!-~]*$", max_length=100)]
Source = Annotated[str, StringConstraints(pattern=r"^[!-~]+( [!-~]+)*$", max_length=100)]


class BatchBody(BaseModel):
    """A feed. `as_of` is the source's time; `quantity_is` says what its figures count.

    `complete` (snapshots): what the rows do not name does not lie at the locations they name.
    `cause` (changes): goods that were sold over the counter, or brought back there. `reference`
    (changes): what tells it from another change of the same source and time, as a receipt's number.
    """

    model_config = ConfigDict(extra="ignore")

    source: Source
    mode: FeedMode
    quantity_is: QuantityIs
    as_of: AwareDatetime
    rows: list[AnyRow] = Field(min_length=1, max_length=MOST_ROWS)
    complete: bool = False
    cause: Literal["sale", "return"] | None = None
    reference: Reference = ""

    @model_validator(mode="after")
    def _fits_its_mode(self) -> BatchBody:
        if self.complete and self.mode is FeedMode.DELTA:
            raise ValueError("changes cannot be complete")
        if (self.cause or self.reference) and self.mode is FeedMode.SNAPSHOT:
            raise ValueError("a snapshot has neither cause nor reference")
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
    cause = Cause(body.cause) if body.cause else None
    return replace(feed, batch=body.reference, cause=cause), errors


def _read(number: int, row: object, body: BatchBody, caller: Identity) -> FeedRow | RowError:
    try:
        found = RowBody.model_validate(row)
        location_id = names.location_id(found.location_id)
        caller.require_location(location_id)
        check_quantity(found.quantity, body.mode, body.quantity_is)
        _check_sign(found.quantity, body.cause)
        return FeedRow(number, names.sku(found.sku), location_id, found.quantity)
    except ValidationError as error:
        first = error.errors()[0]
        return RowError(number, str(first["loc"][0]) if first["loc"] else "row", first["msg"])
    except InvalidInput as error:
        return RowError(number, error.field, error.reason)
    except Forbidden as error:
        return RowError(number, "location_id", str(error))


def _check_sign(quantity: int, cause: str | None) -> None:
    """What is sold leaves, and what is brought back comes."""
    if (cause == "sale" and quantity >= 0) or (cause == "return" and quantity <= 0):
        raise InvalidInput("quantity", f"no units of a {cause}")


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
