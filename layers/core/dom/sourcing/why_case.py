"""A location that was not chosen, and whether it would be under other circumstances."""

from __future__ import annotations

from dataclasses import dataclass

from dom.model.ids import LocationId
from dom.model.rules import RuleSet
from dom.sourcing import wording
from dom.sourcing.plan import Plan
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.replay import Moment
from dom.sourcing.scene import Scene
from dom.sourcing.solve import decide
from dom.sourcing.why_not import takes_part


@dataclass(frozen=True, slots=True)
class Case:
    """A location that was not chosen: when, where, the plan taken and the best plan with it."""

    at: Moment
    location_id: LocationId
    plan: Plan
    with_it: Plan | None
    fences: tuple[str, ...]

    @property
    def scene(self) -> Scene:
        """The demand in its world."""
        return Scene(*self.at)

    @property
    def place(self) -> int:
        """The location's number."""
        return self.at.book.network.index[self.location_id]

    def chosen_at(self, moment: Moment) -> bool:
        """Whether it would take part then."""
        return takes_part(decide(*moment, bare=True), self.location_id)

    def chosen_under(self, rules: RuleSet) -> bool:
        """Whether it would take part under those rules."""
        book = self.at.book
        changed = PriceBook(book.network, rules, book.now, book.lifted)
        return self.chosen_at(self.at._replace(book=changed))

    def money(self, minor: int) -> str:
        """An amount in the order's currency."""
        return wording.amount(minor, self.at.demand.currency)
