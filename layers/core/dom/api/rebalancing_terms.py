"""Terms of rebalancing in the API: what moving stock costs, and what it is worth."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from dom.api.operation import Operation
from dom.api.scope_body import MOST_NAMES, Name, PlacesBody, skus_of
from dom.errors import InvalidInput, NotFound
from dom.model.rebalancing import RebalancingTerms
from dom.model.scope import Where

Money = Annotated[int, Field(ge=0, le=10**9, strict=True)]
Days = Annotated[int, Field(ge=1, le=365, strict=True)]


class PlacesView(TypedDict):
    """Which locations; empty lists mean any."""

    location_ids: list[str]
    groups: list[str]
    location_types: list[str]


class TermsView(TypedDict):
    """The terms as stored; see the body of their PUT."""

    horizon_days: int
    worth: int
    worth_percent: int
    cost_shipment: int
    cost_unit: int
    least_gain: int
    slow_days: int
    gives: PlacesView
    takes: PlacesView
    except_skus: list[str]
    why: str
    version: int


class TermsBody(BaseModel):
    """Amounts are minor units of the currency that stock is counted in. A customer who finds none
    within `horizon_days` loses us `worth`, or `worth_percent` of the product's `cost` if that is
    more. A transfer costs `cost_shipment`, and `cost_unit` a unit; one that gains less than
    `least_gain` is not proposed. Stock that lasts longer than `slow_days` is listed as slow.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    horizon_days: Days = 28
    worth: Money
    worth_percent: Annotated[int, Field(ge=0, le=1000, strict=True)] = 0
    cost_shipment: Money = 0
    cost_unit: Annotated[int, Field(ge=1, le=10**9, strict=True)]
    least_gain: Money = 1
    slow_days: Days = 120
    gives: PlacesBody = PlacesBody()
    takes: PlacesBody = PlacesBody()
    except_skus: Annotated[list[Name], Field(max_length=MOST_NAMES)] = []
    why: Annotated[str, Field(max_length=500)] = ""

    def terms(self, name: str) -> RebalancingTerms:
        """The terms that the body describes; InvalidInput names a SKU or a location that cannot
        be.
        """
        return RebalancingTerms(
            name,
            self.horizon_days,
            self.worth,
            self.worth_percent,
            self.cost_shipment,
            self.cost_unit,
            self.least_gain,
            self.slow_days,
            _where("gives", self.gives),
            _where("takes", self.takes),
            skus_of("except_skus", self.except_skus),
            self.why,
        )


def _where(field: str, body: PlacesBody) -> Where:
    try:
        return body.where()
    except InvalidInput as error:
        raise InvalidInput(f"{field}.{error.field}", error.reason) from None


PUT_TERMS = Operation(
    "putRebalancingTerms",
    "PUT",
    "/rebalancing-terms",
    "controls:write",
    "Have transfers proposed every night, by these terms.",
    TermsView,
    body=TermsBody,
)
GET_TERMS = Operation(
    "getRebalancingTerms",
    "GET",
    "/rebalancing-terms",
    "controls:read",
    "The terms of rebalancing.",
    TermsView,
    problems=(404,),
)
REMOVE_TERMS = Operation(
    "removeRebalancingTerms",
    "DELETE",
    "/rebalancing-terms",
    "controls:write",
    "Have nothing proposed any more.",
    TermsView,
    problems=(404,),
)
OPERATIONS = (PUT_TERMS, GET_TERMS, REMOVE_TERMS)


def render_terms(terms: RebalancingTerms | None) -> TermsView:
    """The terms as the API shows them; NotFound if there are none."""
    if terms is None:
        raise NotFound("terms", "rebalancing")
    return {
        "horizon_days": terms.horizon_days,
        "worth": terms.worth,
        "worth_percent": terms.worth_percent,
        "cost_shipment": terms.cost_shipment,
        "cost_unit": terms.cost_unit,
        "least_gain": terms.least_gain,
        "slow_days": terms.slow_days,
        "gives": _places(terms.gives),
        "takes": _places(terms.takes),
        "except_skus": sorted(terms.except_skus),
        "why": terms.why,
        "version": terms.version,
    }


def _places(where: Where) -> PlacesView:
    return {
        "location_ids": sorted(where.locations),
        "groups": sorted(where.groups),
        "location_types": sorted(one.value for one in where.types),
    }
