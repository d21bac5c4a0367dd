"""The steps of the state machine: prepare once, run each variant, report. Each may be repeated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from dom.api.simulation_document import read_simulation
from dom.aws.simulation_store import (
    ITEMS,
    REFUSAL,
    REPORT,
    REQUEST,
    SITUATION,
    SimulationStore,
    outcome_name,
)
from dom.errors import InvalidInput, NotFound
from dom.simulation.outcome import Outcome
from dom.simulation.simulation import Figures, History, Simulation, prepare, report, run
from dom.simulation.world import Situation

# Locations that a report shows, busiest first.
SHOWN_LOCATIONS = 50


@dataclass(frozen=True, slots=True)
class SimulationSteps:
    """Where documents are kept, and where history is read."""

    store: SimulationStore
    history: History

    def take(self, event: dict[str, Any]) -> dict[str, Any]:
        """The step `{step, simulation_id, variant}`; what the state machine needs to go on."""
        simulation_id = str(event["simulation_id"])
        if event["step"] == "run":
            return self.run(simulation_id, int(event["variant"]))
        return {"prepare": self.prepare, "report": self.report}[event["step"]](simulation_id)

    def prepare(self, simulation_id: str) -> dict[str, Any]:
        """Make the situation and one item for each variant; or keep why that is refused."""
        simulation = self._asked(simulation_id)
        try:
            situation = prepare(simulation, self.history)
        except InvalidInput as error:
            self.store.put(simulation_id, REFUSAL, {"reason": str(error)})
            return {"simulation_id": simulation_id, "refused": True}
        self.store.put(simulation_id, SITUATION, situation)
        items = [
            {"simulation_id": simulation_id, "variant": n} for n in range(len(simulation.variants))
        ]
        key = self.store.put(simulation_id, ITEMS, items)
        return {"simulation_id": simulation_id, "refused": False, "items_key": key}

    def run(self, simulation_id: str, variant: int) -> dict[str, Any]:
        """Run one variant over the whole situation."""
        situation = self.store.get(simulation_id, SITUATION, Situation)
        outcome = run(self._asked(simulation_id).variants[variant], situation)
        self.store.put(simulation_id, outcome_name(variant), outcome)
        return {"variant": variant, "orders": outcome.sums.orders}

    def report(self, simulation_id: str) -> dict[str, Any]:
        """Compare the runs."""
        count = len(self._asked(simulation_id).variants)
        found = (
            self.store.get(simulation_id, outcome_name(number), Outcome) for number in range(count)
        )
        made = report(tuple(found))
        shown = tuple(_shown(one) for one in made.variants)
        key = self.store.put(simulation_id, REPORT, replace(made, variants=shown))
        return {"simulation_id": simulation_id, "report_key": key}

    def _asked(self, simulation_id: str) -> Simulation:
        request = self.store.find(simulation_id, REQUEST)
        if request is None:
            raise NotFound("simulation", simulation_id)
        return read_simulation(request)


def _shown(figures: Figures) -> Figures:
    """What a reader wants: the blocks have served."""
    outcome = figures.outcome
    locations = outcome.locations[:SHOWN_LOCATIONS]
    return replace(figures, outcome=replace(outcome, locations=locations, blocks=()))
