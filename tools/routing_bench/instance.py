"""A month of orders, a network and its prices, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Instance:
    """Lines `ptr[o]:ptr[o+1]` of order o ask `qty` of `sku`; `day` below 0 is history.

    `dist` and `zone` (1..8) by order and location, `inv` by location and SKU, `cap` parcels a day.
    `rate[b, z-1]` holds up to `rate_lb[b]` pounds; `hp`, `hu` labor per parcel and unit. Money in
    dollars, `lost_pen` per line that is not wholly sent. `dpl`: kg CO2 per mile and pound.
    """

    name: str
    ptr: Array
    sku: Array
    qty: Array
    day: Array
    n_hist: int
    dist: Array
    zone: Array
    inv: Array
    weight: Array
    isfc: Array
    cap: Array
    rate_lb: Array
    rate: Array
    hp: Array
    hu: Array
    days_by_zone: Array
    lost_pen: float
    dpl: float

    @property
    def orders(self) -> range:
        """Those to route; the ones before are history."""
        return range(self.n_hist, len(self.ptr) - 1)

    @property
    def lines(self) -> int:
        """How many lines those orders have."""
        return int(self.ptr[-1] - self.ptr[self.n_hist])


def load(path: Path) -> Instance:
    """Read an instance; its name is the file's, so that seeds of one family stay apart."""
    with np.load(path, allow_pickle=False) as held:
        values = {f.name: held[f.name] for f in fields(Instance) if f.name != "name"}
    for scalar in ("n_hist", "lost_pen", "dpl"):
        values[scalar] = values[scalar].item()
    return Instance(path.stem, **values)


@dataclass(frozen=True)
class Shipments:
    """A plan: `quantity` of a line's units from a location, one row each."""

    line: Array
    location: Array
    quantity: Array

    def save(self, path: Path) -> None:
        """As a compressed npz."""
        np.savez_compressed(path, line=self.line, location=self.location, quantity=self.quantity)


def read_shipments(path: Path) -> Shipments:
    """What `save` wrote."""
    with np.load(path, allow_pickle=False) as held:
        return Shipments(held["line"], held["location"], held["quantity"])
