"""Scenarios as people write them: names of transformations with their values, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from math import isfinite
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from dom.api.nested import below
from dom.api.request import invalid_body
from dom.errors import InvalidInput
from dom.simulation.recipe import Recipe
from dom.simulation.scenario import Scenario
from dom.simulation.simulation import MOST_ORDERS, check_reach
from dom.simulation.transformation import Transformation
from dom.simulation.transformations import TRANSFORMATIONS

MOST_CHANGES = 20
MOST_DAYS = 366
_START = datetime(2026, 3, 2, tzinfo=UTC)


class RecipeDocument(BaseModel):
    """Orders to generate: `docs/simulation.md` says how."""

    model_config = ConfigDict(extra="forbid")

    seed: int = Field(1, ge=0, le=2**31)
    starts: AwareDatetime = _START
    days: int = Field(7, ge=1, le=92)
    orders_per_day: int = Field(300, ge=1, le=MOST_ORDERS)
    skus: int = Field(150, ge=1, le=10_000)
    cover_days: Annotated[float, Field(ge=0, le=MOST_DAYS)] = 6.0
    restock_days: int = Field(0, ge=0, le=92)
    promise_days: int = Field(4, ge=0, le=60)


class ScenarioDocument(BaseModel):
    """A scenario; each change is `{<transformation>: {<field>: <value>}}`."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("scenario", min_length=1, max_length=80)
    description: str = Field("", max_length=1000)
    orders: RecipeDocument = RecipeDocument()
    changes: list[dict[str, dict[str, Any]]] = Field([], max_length=MOST_CHANGES)


def read_scenario(document: object) -> Scenario:
    """The scenario of plain data; InvalidInput names what cannot be understood by its path."""
    try:
        read = ScenarioDocument.model_validate(document)
    except ValidationError as error:
        raise invalid_body(error) from None
    changes = tuple(_change(f"changes.{n}", one) for n, one in enumerate(read.changes))
    scenario = Scenario(read.name, changes, Recipe(**read.orders.model_dump()))
    made = scenario.orders.days * scenario.orders.orders_per_day
    if made > MOST_ORDERS:
        raise InvalidInput("orders", f"{made} orders are more than the {MOST_ORDERS} allowed")
    check_reach(scenario, made)
    return scenario


def _change(path: str, document: Mapping[str, Mapping[str, Any]]) -> Transformation:
    if len(document) != 1:
        raise InvalidInput(path, "it must name one transformation")
    ((name, values),) = document.items()
    if name not in TRANSFORMATIONS:
        raise InvalidInput(path, f"it must be one of {', '.join(TRANSFORMATIONS)}")
    kind = TRANSFORMATIONS[name]
    with below(f"{path}.{name}"):
        known = {one.name for one in fields(kind)}  # type: ignore[arg-type]
        if unknown := sorted(set(values) - known):
            raise InvalidInput(unknown[0], "there is no such field")
        _check_days(values)
        return TypeAdapter[Transformation](kind).validate_python(dict(values))


def _check_days(values: Mapping[str, Any]) -> None:
    """Days lie within a year: what is later is no instant, at last."""
    for name in ("from_day", "until_day", "day"):
        value = values.get(name)
        if value is None:
            continue
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            raise InvalidInput(name, "it must be a number of days") from None
        if not (isfinite(number) and 0 <= number <= MOST_DAYS):
            raise InvalidInput(name, f"it must be between 0 and {MOST_DAYS}")
