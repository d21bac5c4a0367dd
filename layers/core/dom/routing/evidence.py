"""What decisions can be replayed from: the inputs of each solve, kept apart from the decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from dom.model.decision import Evidence
from dom.sourcing.replay import Inputs


@dataclass(frozen=True, slots=True)
class Kept:
    """The hashes of a solve's inputs; `demands` by order and ship group.

    `failure` says why they could not be kept, "" if they were.
    """

    solve: str = ""
    supply: str = ""
    network: str = ""
    rules: str = ""
    demands: Mapping[tuple[str, str], str] = field(default_factory=dict)
    failure: str = ""

    def of(self, order_id: str, ship_group_id: str) -> Evidence:
        """The evidence of one decision of that solve."""
        demand = self.demands.get((order_id, ship_group_id), "")
        kept = bool(self.solve) and not self.failure
        return Evidence(self.solve, demand, self.supply, self.network, self.rules, kept)


class Archive(Protocol):
    """Keeps inputs for as long as decisions shall be replayable."""

    def keep(self, inputs: Inputs) -> Kept:
        """Store them before anything of the solve is committed. Raises nothing: routing goes on."""

    def inputs(self, solve: str) -> Inputs | None:
        """The inputs of that hash; None when they are gone. Busy when they cannot be read now."""
