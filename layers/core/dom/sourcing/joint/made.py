"""A joint plan as it is carried out: who moves, who stays, what it costs, how good it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from dom.sourcing.joint.case import Case
from dom.sourcing.joint.live import Together
from dom.sourcing.joint.swap import Swap, cost_of
from dom.sourcing.scene import Contents


@dataclass(frozen=True)
class Made:
    """These cases (by number) move as found, all others stay as they are."""

    cases: Sequence[Case]
    found: Together
    moved: Collection[int]

    @cached_property
    def cost(self) -> int:
        """Of all that could be planned, in the terms of the rules."""
        return sum(cost_of(self.cases[n], self.contents(n)) for n in self._planned)

    @cached_property
    def bound(self) -> int:
        """No plan with as many parcels costs less."""
        parcels = sum(len(self.contents(n)) for n in self._planned)
        return min(self.cost, max(0, self.found.bound - self.found.penalty * parcels))

    @cached_property
    def gap(self) -> float:
        """Relative distance of the cost from its bound."""
        return round((self.cost - self.bound) / self.cost, 6) if self.cost > 0 else 0.0

    @property
    def by_solver(self) -> bool:
        """Whether the plan is another than the one that the search found without a solver."""
        return list(self.found.contents) != list(self.found.plain)

    def contents(self, n: int) -> Contents:
        """Where the case's goods are in the end."""
        found = self.found.contents[n] if n in self.moved else None
        return self.cases[n].present if found is None else found

    def swap(self, n: int) -> Swap:
        """What the case changes."""
        return swap_of(self.cases[n], self.contents(n), self.found, n)

    @property
    def _planned(self) -> list[int]:
        return [n for n, one in enumerate(self.found.contents) if one is not None]


def swap_of(case: Case, contents: Contents, found: Together, n: int) -> Swap:
    """The n-th case going there."""
    return Swap(case, contents, max(0, found.alone[n] - found.penalty * len(contents)))
