"""What routing may know of a SKU beyond the order line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from dom.model.ids import LocationId, Sku

# An order's line of a kit becomes a line for each of them, and a product is in one item.
MOST_COMPONENTS = 10
# What moves of a component is told of each kit that it is in.
MOST_KITS = 100


@dataclass(frozen=True, slots=True)
class Component:
    """Units of a SKU in one unit of a kit."""

    sku: Sku
    quantity: int


@dataclass(frozen=True, slots=True)
class Product:
    """Facts of a SKU. `grams` and `volume_cm3` are of one packed unit; 0: not known.

    `needs`: what a location must be able to handle (`hazmat`, `cold`, `age_check` ...).
    `keep_together`: units of lines with the same name travel in one parcel. `daily_demand`: units
    expected a day in the whole network; `markdown`: credit in minor units for a unit of slow stock.
    `rejects`: percent of parcels with it that a location rejects; one that is not named rejects
    none. `cost`: what a unit is worth in the books, in minor units; 0: not known. `effort`: what a
    unit asks beyond the usual (heavy, to be wrapped), in effort units (`dom.model.effort`).
    `releases_on`: no unit leaves a location before that day of its own begins; None: it always
    could. So many units (`preorder_limit`) may be promised before it.
    `components` make it a kit: sold as one SKU, and stocked, picked and returned as these.
    `part_of` are the kits that it is in: kept with it, and no part of its description.
    """

    sku: Sku
    category: str = ""
    needs: frozenset[str] = frozenset()
    grams: int = 0
    volume_cm3: int = 0
    keep_together: str = ""
    daily_demand: float = 0.0
    markdown: int = 0
    rejects: Mapping[LocationId, int] = field(default_factory=dict)
    cost: int = 0
    effort: int = 0
    releases_on: date | None = None
    preorder_limit: int = 0
    components: tuple[Component, ...] = ()
    part_of: tuple[Sku, ...] = ()
    version: int = 0

    @property
    def is_kit(self) -> bool:
        """Whether it is picked as its components."""
        return bool(self.components)


class Assortment(NamedTuple):
    """What is known of some SKUs: available units by location (a hint), and facts of products."""

    units: dict[str, dict[str, int]]
    products: dict[Sku, Product]
