"""Hard limits: which locations may not serve a demand, or a line of it.

A fence is `blocked(scene)` or `blocked(scene, line)` and answers with the set of locations that are
out; of a line's fences, one may ask what those before it keep out. A new one is a file here and a
line below; its key is the reason that people read. Limits of whole plans (how many shipments, of
what value) are in `dom.sourcing.search` and `cover`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from dom.sourcing.fences import (
    behind,
    capability,
    capacity,
    chosen,
    closed,
    country,
    dropship,
    effort,
    excluded,
    groups,
    handles,
    late,
    min_stock,
    promised,
    radius,
    rejected,
    released,
    same_day,
    together,
)

if TYPE_CHECKING:
    from dom.sourcing.problem import DemandLine
    from dom.sourcing.scene import Scene

NOT_YET = "may not leave there yet"
NO_EFFORT = "no effort left today for it"
LOCATION_FENCES: Mapping[str, Callable[[Scene], int]] = {
    "not the location the customer chose": chosen.blocked,
    "closed": closed.blocked,
    "no capacity left today": capacity.blocked,
    "does not offer this delivery method": capability.blocked,
    "does not reach this country": country.blocked,
    "kept out by the rules": excluded.blocked,
    "in none of the groups that may serve it": groups.blocked,
    "too far for same-day delivery": same_day.blocked,
    "too far to ship": radius.blocked,
    "would arrive too late": late.blocked,
}
LINE_FENCES: Mapping[str, Callable[[Scene, DemandLine], int]] = {
    "rejected this item before": rejected.blocked,
    NOT_YET: released.blocked,
    "others stand in line for it before": behind.blocked,
    "would arrive after it was promised": promised.blocked,
    "below its minimum routing stock": min_stock.blocked,
    "cannot handle such goods": handles.blocked,
    NO_EFFORT: effort.blocked,
    "has not all that travels together": together.blocked,
    "a supplier, and own locations have it": dropship.blocked,
}
