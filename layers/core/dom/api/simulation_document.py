"""What is to be simulated, as JSON or YAML says it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from dom.api.nested import below
from dom.api.request import invalid_body
from dom.api.ruleset_document import rule_set_of
from dom.api.scenario_document import read_scenario
from dom.simulation.simulation import MOST_VARIANTS, Simulation, Variant, Window

MOST_WINDOW = timedelta(days=92)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class WindowBody(_Body):
    """Orders placed from `from` up to, but not including, `until`; at most 92 days."""

    since: AwareDatetime = Field(alias="from")
    until: AwareDatetime

    @model_validator(mode="after")
    def _ordered(self) -> WindowBody:
        if not timedelta(0) < self.until - self.since <= MOST_WINDOW:
            raise ValueError("until must be later than from, by 92 days at most")
        return self


class VariantBody(_Body):
    """A rule set as `PUT /rulesets/{id}` takes it, under the name that results carry."""

    name: str = Field(min_length=1, max_length=60, pattern=r"^[\w .:+-]+$")
    rule_set: dict[str, Any] = {}


class SimulationBody(_Body):
    """A window of real orders, or a scenario on generated ones, or a scenario on a window.

    With another `name` the same is simulated anew.
    """

    name: str = Field("", max_length=80)
    window: WindowBody | None = None
    scenario: dict[str, Any] | None = None
    variants: list[VariantBody] = Field(min_length=1, max_length=MOST_VARIANTS)

    @model_validator(mode="after")
    def _of_something(self) -> SimulationBody:
        if self.window is None and self.scenario is None:
            raise ValueError("it needs a window or a scenario")
        names = [one.name for one in self.variants]
        if len(set(names)) < len(names):
            raise ValueError("variants must have different names")
        return self


def read_simulation(document: object) -> Simulation:
    """The simulation of plain data; InvalidInput names what cannot be understood by its path."""
    try:
        body = SimulationBody.model_validate(document)
    except ValidationError as error:
        raise invalid_body(error) from None
    return simulation_of(body)


def simulation_of(body: SimulationBody) -> Simulation:
    """The simulation that a body describes."""
    window = Window(body.window.since, body.window.until) if body.window else None
    variants = tuple(_variant(number, one) for number, one in enumerate(body.variants))
    if body.scenario is None:
        return Simulation(variants, window)
    with below("scenario"):
        return Simulation(variants, window, read_scenario(body.scenario))


def _variant(number: int, body: VariantBody) -> Variant:
    with below(f"variants.{number}.rule_set"):
        return Variant(body.name, rule_set_of(body.rule_set, body.name))
