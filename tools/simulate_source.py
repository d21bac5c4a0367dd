"""Where a simulation's orders, network and rule sets come from."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from dom.api.locations import LocationBody
from dom.api.rule_tree import read_tree
from dom.api.ruleset_document import read_rule_set
from dom.api.scenario_document import read_scenario
from dom.aws.order_history import OrderHistory
from dom.errors import InvalidInput
from dom.model.ids import LocationId
from dom.model.location import Location
from dom.model.rules import RuleSet
from dom.simulation.scenario import Scenario
from dom.simulation.simulation import Variant, Window
from dom.simulation.world import Situation

from tools.demo_network import LOCATIONS, read_locations
from tools.stack import Stack

SCENARIOS = Path(__file__).resolve().parent / "scenarios"
YAML = "application/yaml"


class DemoHistory(NamedTuple):
    """A network from a file, without a past."""

    path: Path = LOCATIONS

    def locations(self) -> list[Location]:
        """The locations of the file."""
        return [
            LocationBody.model_validate(one).location(LocationId(name))
            for name, one in read_locations(self.path).items()
        ]

    def situation(self, window: Window, most: int) -> Situation:
        """SystemExit: orders of a window are a stack's."""
        raise SystemExit("A window needs a stack: --stack NAME, or `make up`.")


def history_of(stack: Stack) -> OrderHistory:
    """The tables of a stack."""
    tables = (stack.resource(name) for name in ("OrdersTable", "InventoryTable", "NetworkTable"))
    return OrderHistory(stack.client("dynamodb"), *tables)


def scenario_of(name: str) -> Scenario:
    """The scenario of a file, or of that name in tools/scenarios; SystemExit says what is wrong."""
    path = Path(name)
    path = path if path.exists() else SCENARIOS / f"{name}.yaml"
    if not path.exists():
        known = ", ".join(sorted(one.stem for one in SCENARIOS.glob("*.yaml")))
        raise SystemExit(f"There is no scenario {name}; known are: {known}.")
    try:
        return read_scenario(read_tree(path.read_bytes(), YAML))
    except InvalidInput as error:
        raise SystemExit(f"{path}: {error}") from None


def variant_of(path: Path) -> Variant:
    """The rule set of a file, by the file's name; SystemExit says what is wrong."""
    try:
        return Variant(path.stem, read_rule_set(path.read_bytes(), YAML, path.stem))
    except (OSError, InvalidInput) as error:
        raise SystemExit(f"{path}: {error}") from None


def base_of(path: Path | None) -> Variant:
    """The rule set that others are compared with: a file's, or the default one."""
    return variant_of(path) if path else Variant("default", RuleSet(version="default"))
