"""Hard limits: which locations may not serve a demand, or a line of it.

A fence is `blocked(scene)` or `blocked(scene, line)` and answers with the set of locations that are
out. A new one is a file here and a line below; its key is the reason that people read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from dom.sourcing.fences import (
    capability,
    capacity,
    chosen,
    closed,
    country,
    min_stock,
    radius,
    rejected,
)

if TYPE_CHECKING:
    from dom.sourcing.problem import DemandLine
    from dom.sourcing.scene import Scene

LOCATION_FENCES: Mapping[str, Callable[[Scene], int]] = {
    "not the location the customer chose": chosen.blocked,
    "closed": closed.blocked,
    "no capacity left today": capacity.blocked,
    "does not offer this delivery method": capability.blocked,
    "does not reach this country": country.blocked,
    "too far for same-day delivery": radius.blocked,
}
LINE_FENCES: Mapping[str, Callable[[Scene, DemandLine], int]] = {
    "rejected this item before": rejected.blocked,
    "below its minimum routing stock": min_stock.blocked,
}
