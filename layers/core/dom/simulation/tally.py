"""One order's decisions, added up to what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from dom.simulation.replay import Routed
from dom.simulation.sums import Sums
from dom.sourcing.plan import Assignment
from dom.sourcing.problem import Demand

_SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class OrderTally:
    """An order as it was placed and what has been decided for it so far."""

    placed_at: datetime
    promised: list[tuple[str, datetime]] = field(default_factory=list)
    units: int = 0
    sent: int = 0
    parcels: int = 0
    shipping: int = 0
    handling: int = 0
    score: int = 0
    co2e_grams: int = 0
    markdown: int = 0
    arrives: dict[str, datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, demand: Demand) -> OrderTally:
        """An order that nothing was decided for."""
        return cls(demand.placed_at)

    def add(self, routed: Routed) -> None:
        """Count a decision."""
        if not routed.again:
            self._ordered(routed.demand)
        for assignment in routed.plan.assignments:
            self._parcel(assignment, routed.demand.ship_group_id)

    @property
    def day(self) -> date:
        """The day (UTC) on which it was placed."""
        return self.placed_at.date()

    @property
    def seconds(self) -> int:
        """Seconds until all that was sent of it has arrived; 0 if nothing was."""
        return (max(self.arrives.values()) - self.placed_at) // _SECOND if self.arrives else 0

    def sums(self) -> Sums:
        """The order as sums of one."""
        return Sums(
            orders=1,
            units=self.units,
            sent=self.sent,
            shipped=int(self.parcels > 0),
            parcels=self.parcels,
            split=int(self.parcels > len(self.arrives) > 0),
            backordered=int(self.sent < self.units),
            shipping=self.shipping,
            handling=self.handling,
            score=self.score,
            seconds=self.seconds,
            promised=int(bool(self.promised)),
            kept=int(bool(self.promised) and self._kept()),
            co2e_grams=self.co2e_grams,
            markdown=self.markdown,
        )

    def _ordered(self, demand: Demand) -> None:
        self.units += sum(line.quantity for line in demand.lines)
        if demand.promised_by:
            self.promised.append((demand.ship_group_id, demand.promised_by))

    def _parcel(self, one: Assignment, group: str) -> None:
        self.parcels += 1
        self.sent += sum(units for _, _, units in one.lines)
        self.shipping += one.terms.get("shipping", 0)
        self.handling += one.terms.get("handling", 0)
        self.markdown -= one.terms.get("markdown", 0)
        self.score += one.cost
        self.co2e_grams += one.co2e_grams
        self.arrives[group] = max(one.delivers_by, self.arrives.get(group, one.delivers_by))

    def _kept(self) -> bool:
        return self.sent == self.units and all(
            self.arrives[group] <= until for group, until in self.promised
        )
