"""Products in the API: operations, the body of a PUT, and how a product is shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from dom.api.operation import Operation
from dom.api.views import ProductView
from dom.errors import InvalidInput
from dom.model import names
from dom.model.effort import MOST_EFFORT
from dom.model.ids import LocationId, Sku
from dom.model.product import MOST_COMPONENTS, Component, Product

MOST_GRAMS = 10_000_000
MOST_CM3 = 1_000_000_000
MOST_DEMAND = 1_000_000
MOST_CREDIT = 10**12
MOST_UNITS = 1_000_000_000
MOST_IN_KIT = 1_000
# Some systems write "no date" as the first or the last one that they know.
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
# What costs much where it is lost by a system that does not know of it.
STAYS = frozenset({"releases_on", "preorder_limit", "components"})


def _blank(value: object) -> object:
    return "" if value is None else value


Text = Annotated[str, BeforeValidator(_blank), Field(max_length=200)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Percent = Annotated[int, Field(ge=0, le=100, strict=True)]


class ComponentBody(BaseModel):
    """Units of a SKU in one unit of a kit."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    sku: str = Field(min_length=1, max_length=200)
    quantity: int = Field(ge=1, le=MOST_IN_KIT, strict=True)


class ProductBody(BaseModel):
    """Facts of a SKU that routing uses; the whole description is replaced, but for its
    release and what it is made of.

    `grams` and `volume_cm3` are of one packed unit, 0: not known. `needs`: what a location must
    handle. Units of lines with the same `keep_together` travel in one parcel. `daily_demand`: units
    a day in the whole network. `markdown`: credit in minor units for a unit of slow stock.
    `rejects`: percent of parcels with it that a location rejects, by location. `cost`: what a unit
    is worth in the books, in minor units; 0: not known. `effort`: what a unit asks of a location
    beyond the usual (heavy, to be wrapped), in the effort units of `daily_effort`. `releases_on`:
    it leaves no location before that day (the location's own) and is sold ahead until then: at most
    `preorder_limit` units are promised. null: it may leave at once. `components` make it a kit:
    orders of it are taken apart into these, and it can be sold as far as they are there. Each of
    the three stays as it is where it is left out, and is cleared by null, or by an empty list.
    """

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    category: Text = ""
    needs: Annotated[frozenset[Name], Field(max_length=20)] = frozenset()
    grams: int = Field(0, ge=0, le=MOST_GRAMS, strict=True)
    volume_cm3: int = Field(0, ge=0, le=MOST_CM3, strict=True)
    keep_together: Text = ""
    daily_demand: float = Field(0.0, ge=0, le=MOST_DEMAND, strict=True, allow_inf_nan=False)
    markdown: int = Field(0, ge=0, le=MOST_CREDIT, strict=True)
    rejects: Annotated[dict[str, Percent], Field(max_length=2_000)] = Field(default_factory=dict)
    cost: int = Field(0, ge=0, le=MOST_CREDIT, strict=True)
    effort: int = Field(0, ge=0, le=MOST_EFFORT, strict=True)
    releases_on: Annotated[date, Field(ge=EARLIEST, le=LATEST)] | None = None
    preorder_limit: Annotated[int, Field(ge=0, le=MOST_UNITS, strict=True)] | None = None
    components: Annotated[list[ComponentBody], Field(max_length=MOST_COMPONENTS)] = Field(
        default_factory=list
    )

    @property
    def left_out(self) -> frozenset[str]:
        """Fields that stay as they are: whoever does not know of releases or kits ends none."""
        return STAYS - self.model_fields_set

    def product(self, sku: Sku) -> Product:
        """The product that the body describes; InvalidInput names a location or a component that
        cannot be.
        """
        return Product(
            sku,
            self.category,
            self.needs,
            self.grams,
            self.volume_cm3,
            self.keep_together,
            round(self.daily_demand, 6),
            self.markdown,
            {_place(text): percent for text, percent in sorted(self.rejects.items())},
            self.cost,
            self.effort,
            self.releases_on,
            self.preorder_limit or 0,
            tuple(_components(self.components)),
        )


def _components(bodies: list[ComponentBody]) -> Iterator[Component]:
    seen = set[Sku]()
    for n, one in enumerate(bodies):
        try:
            sku = names.sku(one.sku)
        except InvalidInput as error:
            raise InvalidInput(f"components.{n}.sku", error.reason) from None
        if sku in seen:
            raise InvalidInput(f"components.{n}.sku", "the component stands there twice")
        seen.add(sku)
        yield Component(sku, one.quantity)


def _place(text: str) -> LocationId:
    try:
        return names.location_id(text)
    except InvalidInput as error:
        raise InvalidInput("rejects", error.reason) from None


PUT_PRODUCT = Operation(
    "putProduct",
    "PUT",
    "/products/{sku+}",
    "products:write",
    "Describe a SKU for routing: weight, volume, needs, demand; from the next order on.",
    ProductView,
    body=ProductBody,
)
GET_PRODUCT = Operation(
    "getProduct",
    "GET",
    "/products/{sku+}",
    "products:read",
    "What routing knows of a SKU.",
    ProductView,
    problems=(404,),
)
OPERATIONS = (PUT_PRODUCT, GET_PRODUCT)


def render_product(product: Product) -> ProductView:
    """The product as the API shows it."""
    return {
        "sku": product.sku,
        "category": product.category,
        "needs": sorted(product.needs),
        "grams": product.grams,
        "volume_cm3": product.volume_cm3,
        "keep_together": product.keep_together,
        "daily_demand": product.daily_demand,
        "markdown": product.markdown,
        "rejects": {str(place): percent for place, percent in product.rejects.items()},
        "cost": product.cost,
        "effort": product.effort,
        "releases_on": product.releases_on.isoformat() if product.releases_on else None,
        "preorder_limit": product.preorder_limit,
        "components": [{"sku": x.sku, "quantity": x.quantity} for x in product.components],
        "part_of": list(product.part_of),
        "version": product.version,
    }
