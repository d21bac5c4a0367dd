"""Suppliers in the API: how those behind a location are asked to ship."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import TypedDict

from dom.api.operation import Operation
from dom.errors import InvalidInput, NotFound
from dom.model.location import Location, LocationType
from dom.model.supplier import Supplier, Transport

# Thirty days.
Seconds = Annotated[int, Field(ge=60, le=2_592_000, strict=True)]
# As in the names of accounts (dom.api.outlets).
_SECRET = re.compile(r"[A-Za-z0-9._-]{1,100}")
_PARTNER = r"^[A-Za-z0-9._-]{1,80}$"
_URL = r"^https://[!-~]{1,1990}$"
_MAIL = r"^[^@\s,;<>\"]{1,64}@[A-Za-z0-9.-]{1,255}$"


class SupplierView(TypedDict):
    """A supplier as stored; see the body of its PUT."""

    location_id: str
    transport: str
    address: str
    accept_seconds: int | None
    ship_seconds: int | None
    version: int


class SuppliersView(TypedDict):
    """Every supplier."""

    suppliers: list[SupplierView]


class SupplierBody(BaseModel):
    """What routing gives to this location is shipped by a supplier, who is sent a purchase order
    when it is released: by signed request to the `url`, by mail to the `email`, as a file, or as
    X12 940 to the `partner` (`PUT /partners/{id}`), which may be behind a location of any type.

    It has `accept_seconds` to acknowledge, and then `ship_seconds` to ship or until the ETA that it
    names; null: as long as every location has. Work that was released before keeps its terms.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    transport: Transport
    url: Annotated[str, Field(pattern=_URL)] | None = None
    email: Annotated[str, Field(pattern=_MAIL)] | None = None
    partner: Annotated[str, Field(pattern=_PARTNER)] | None = None
    accept_seconds: Seconds | None = None
    ship_seconds: Seconds | None = None

    @model_validator(mode="after")
    def _reachable(self) -> SupplierBody:
        given = {
            Transport.WEBHOOK: self.url,
            Transport.EMAIL: self.email,
            Transport.X12: self.partner,
        }
        if {kind for kind, address in given.items() if address} != {self.transport} & set(given):
            raise ValueError("a webhook has a url, an email an email, x12 a partner, a file none")
        return self

    def supplier(self, location: Location) -> Supplier:
        """The supplier behind the location. InvalidInput: it is of another type, by which routing
        knows what suppliers ship; or no secret can be named as it is.
        """
        location_id = location.location_id
        if location.type is not LocationType.SUPPLIER and self.transport is not Transport.X12:
            raise InvalidInput("location_id", f"it is a {location.type}, not a supplier")
        if self.transport is Transport.WEBHOOK and not _SECRET.fullmatch(location_id):
            raise InvalidInput(
                "transport", "its key's secret has the location's id: name it in ASCII"
            )
        address = self.url or self.email or self.partner or ""
        times = (self.accept_seconds, self.ship_seconds)
        return Supplier(location_id, self.transport, address, *times)


PUT_SUPPLIER = Operation(
    "putSupplier",
    "PUT",
    "/suppliers/{id}",
    "locations:write",
    "Send a supplier what this location is to ship, from the next release on.",
    SupplierView,
    body=SupplierBody,
    problems=(404,),
)
GET_SUPPLIER = Operation(
    "getSupplier",
    "GET",
    "/suppliers/{id}",
    "locations:read",
    "How a supplier is asked to ship.",
    SupplierView,
    problems=(404,),
)
LIST_SUPPLIERS = Operation(
    "listSuppliers",
    "GET",
    "/suppliers",
    "locations:read",
    "Every supplier, by the id of its location.",
    SuppliersView,
)
REMOVE_SUPPLIER = Operation(
    "removeSupplier",
    "DELETE",
    "/suppliers/{id}",
    "locations:write",
    "The location is as any other from the next release on.",
    SupplierView,
    problems=(404,),
)
OPERATIONS = (PUT_SUPPLIER, GET_SUPPLIER, LIST_SUPPLIERS, REMOVE_SUPPLIER)


def render_supplier(supplier: Supplier | None, location_id: str = "") -> SupplierView:
    """The supplier as the API shows it; NotFound if there is none."""
    if supplier is None:
        raise NotFound("supplier", location_id)
    return {
        "location_id": supplier.id,
        "transport": supplier.transport.value,
        "address": supplier.address,
        "accept_seconds": supplier.accept_seconds,
        "ship_seconds": supplier.ship_seconds,
        "version": supplier.version,
    }
