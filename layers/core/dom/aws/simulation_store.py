"""A simulation's documents in S3, below `simulations/<id>/`; the bucket forgets them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from dom.aws.documents import Documents

T = TypeVar("T")
PREFIX = "simulations"
REQUEST, REFUSAL, REPORT = "request.json", "refusal.json", "report.json"
SITUATION, ITEMS = "situation.json.gz", "items.json"


def outcome_name(variant: int) -> str:
    """The document that the run of a variant writes."""
    return f"outcome-{variant}.json.gz"


@dataclass(frozen=True, slots=True)
class SimulationStore:
    """The documents of simulations, by id and name."""

    documents: Documents

    def put(self, simulation_id: str, name: str, value: object) -> str:
        """Store it; its key."""
        return self.documents.put(key_of(simulation_id, name), value)

    def find(self, simulation_id: str, name: str) -> Any:
        """The plain data, or None if there is no such document."""
        return self.documents.find(key_of(simulation_id, name))

    def get(self, simulation_id: str, name: str, kind: type[T]) -> T:
        """The dataclass that was stored; NotFound if there is none."""
        return self.documents.get(key_of(simulation_id, name), kind)


def key_of(simulation_id: str, name: str) -> str:
    """The key of a document in the bucket."""
    return f"{PREFIX}/{simulation_id}/{name}"
