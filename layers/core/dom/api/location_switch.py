"""Switching locations off and on in the API: operations and their bodies."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from dom.api.operation import Operation
from dom.api.views import LocationView


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class ActivateBody(BaseModel):
    """`reason` is published with the event: no personal data in it."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    reason: str = Field("", max_length=200)


class DeactivateBody(ActivateBody):
    """`open_work`: `keep` lets it finish what it has, `reroute` takes back what is not packed.

    `until` (with an offset): from then on it takes work again by itself; null: until `activate`.
    """

    open_work: Annotated[Literal["keep", "reroute"], BeforeValidator(_lower)] = "keep"
    until: AwareDatetime | None = None


DEACTIVATE = Operation(
    "deactivateLocation",
    "POST",
    "/locations/{id}/deactivate",
    "locations:write",
    "It takes no new work from the next order on; open work is kept, or routed again.",
    LocationView,
    body=DeactivateBody,
    body_required=False,
    problems=(404,),
)
ACTIVATE = Operation(
    "activateLocation",
    "POST",
    "/locations/{id}/activate",
    "locations:write",
    "It takes new work again.",
    LocationView,
    body=ActivateBody,
    body_required=False,
    problems=(404,),
)
OPERATIONS = (DEACTIVATE, ACTIVATE)
