"""Changes of a rule set: for kinds of demands and locations, for good (`Rule`) or a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dom.model.scope import When, Where

AT_LOCATION = "location"


@dataclass(frozen=True, slots=True)
class Change:
    """What a rule changes.

    For the demand: `weights` and `fences` replace fields of `Weights` and `Fences` by name. For
    each location of the rule's `where`: `exclude` keeps it out, `parcel` and `unit` are added to
    what a parcel and each unit in it cost there (minor units, negative: a credit),
    `min_routing_stock` and `radius_km` replace the fences of those names there.
    """

    weights: Mapping[str, int] = field(default_factory=dict)
    fences: Mapping[str, object] = field(default_factory=dict)
    exclude: bool = False
    parcel: int = 0
    unit: int = 0
    min_routing_stock: int | None = None
    radius_km: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A named change for demands (`when`) and, as far as it is about locations, `where`."""

    name: str
    change: Change
    when: When = field(default_factory=When)
    where: Where = field(default_factory=Where)


@dataclass(frozen=True, slots=True)
class Overlay:
    """A rule in force from `starts` up to, but not including, `ends`: wall clock of `timezone`.

    `timezone` is an IANA name, or AT_LOCATION: each location's own (then it may change locations
    only). Of two overlays that set the same thing, the higher `priority` wins, then the later name.
    It needs no scheduler to end: whether it is in force is asked for each decision.
    """

    rule: Rule
    starts: datetime
    ends: datetime
    timezone: str = "UTC"
    priority: int = 0

    def in_force(self, moment: datetime, local_timezone: str = "UTC") -> bool:
        """Whether it holds at that (aware) instant, at a location in `local_timezone`.

        A wall-clock time that the clocks pass twice means the first, one they skip the instant
        that its offset before the change names (PEP 495, fold 0).
        """
        zone = ZoneInfo(local_timezone if self.timezone == AT_LOCATION else self.timezone)
        starts, ends = (at.replace(tzinfo=zone).astimezone(UTC) for at in (self.starts, self.ends))
        return starts <= moment.astimezone(UTC) < ends
