"""What may be asked of transfers and purchases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from dom.api.promises import sku_of
from dom.errors import InvalidInput
from dom.model import names
from dom.model.ids import LocationId, Sku
from dom.model.supply import Request, SupplyKind, SupplyLine, SupplyOrder, Units, supply_id

# An order of so many SKUs stays far below an item's limit, and is moved in some 30 transactions.
MOST_LINES = 1_000
MOST_UNITS = 1_000_000_000
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Quantity = Annotated[int, Field(ge=1, le=MOST_UNITS, strict=True)]


class UnitsBody(BaseModel):
    """Units of a SKU."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    sku: str = Field(min_length=1)
    quantity: Quantity


class ReceivedBody(UnitsBody):
    """Units that came, of which some are damaged: they are there, and cannot be sold."""

    damaged: int = Field(0, ge=0, le=MOST_UNITS, strict=True)

    @model_validator(mode="after")
    def _among_them(self) -> ReceivedBody:
        if self.damaged > self.quantity:
            raise ValueError("more are damaged than came")
        return self


class OrderBody(BaseModel):
    """What is to come to `location_id`. `reference` is your own number, used once for both ends."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    location_id: str
    reference: Text
    expected_on: date | None = None
    lines: list[UnitsBody] = Field(min_length=1, max_length=MOST_LINES)


class TransferBody(OrderBody):
    """Units that are to go from one of our locations to another."""

    from_location_id: str

    def order(self, actor: str, now: datetime) -> SupplyOrder:
        """The transfer; InvalidInput names what cannot be."""
        made = _order(self, SupplyKind.TRANSFER, self.from_location_id, actor, now)
        if made.from_location == made.location_id:
            raise InvalidInput("from_location_id", "it is where they are to go")
        return made


class PurchaseBody(OrderBody):
    """Units that a supplier is to send."""

    supplier: Text

    def order(self, actor: str, now: datetime) -> SupplyOrder:
        """The purchase; InvalidInput names what cannot be."""
        return _order(self, SupplyKind.PURCHASE, self.supplier, actor, now)


class ExpectBody(BaseModel):
    """The day on which it should come; null: nobody knows."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    expected_on: date | None


class ShipBody(BaseModel):
    """Units that left; without lines, all that had not. `anyway`: though they are not available."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    request_id: Text
    lines: list[UnitsBody] = Field([], max_length=MOST_LINES)
    anyway: bool = Field(False, strict=True)

    def request(self, actor: str) -> Request:
        """What it says."""
        return Request(self.request_id, tuple(_units(self.lines)), actor)


class ReceiveBody(BaseModel):
    """Units that came, under a name of your own: said again, it counts once."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    request_id: Text
    lines: list[ReceivedBody] = Field(min_length=1, max_length=MOST_LINES)

    def request(self, actor: str) -> Request:
        """What it says."""
        return Request(self.request_id, tuple(_units(self.lines)), actor)


def _order(
    body: OrderBody, kind: SupplyKind, origin: str, actor: str, now: datetime
) -> SupplyOrder:
    to = names.location_id(body.location_id)
    transfer = kind is SupplyKind.TRANSFER
    return SupplyOrder(
        supply_id(kind, origin, to, body.reference),
        kind,
        to,
        body.reference,
        tuple(SupplyLine(one.sku, one.quantity) for one in _units(body.lines)),
        now,
        actor,
        _origin(origin) if transfer else None,
        "" if transfer else origin,
        body.expected_on,
    )


def _origin(text: str) -> LocationId:
    try:
        return names.location_id(text)
    except InvalidInput as error:
        raise InvalidInput("from_location_id", error.reason) from None


def _units(lines: Iterable[UnitsBody]) -> list[Units]:
    """One for each SKU, in the order in which they are named first."""
    total, damaged = Counter[Sku](), Counter[Sku]()
    for number, line in enumerate(lines):
        sku = sku_of(number, line.sku)
        total[sku] += line.quantity
        damaged[sku] += line.damaged if isinstance(line, ReceivedBody) else 0
    return [Units(sku, units, damaged[sku]) for sku, units in total.items()]
