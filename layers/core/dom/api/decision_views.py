"""Shapes of what the API answers about routing decisions. Amounts are minor units."""

from __future__ import annotations

from typing import Any

# Not `typing`: pydantic makes schemas of the standard library's only from Python 3.12 on.
from typing_extensions import TypedDict


class DecisionNameView(TypedDict):
    """One of an order's decisions. `kind`: routed, replanned or by_hand (of `actor`)."""

    id: str
    ship_group_id: str
    at: str
    kind: str
    outcome: str


class InputsView(TypedDict):
    """What a decision was made from, by hash; `solve` names all of it."""

    solve: str
    demand: str
    supply: str
    network: str
    rules: str


class DecisionRecordView(DecisionNameView):
    """A decision on record (docs/decisions.md). `cut`: entries not shown, by list.

    `by_solver`: a re-plan's solver found it, so a replay takes the plan from the record.
    """

    rule_version: str
    order_version: int
    pass_name: str
    why: str
    candidates: list[dict[str, Any]]
    chosen: list[dict[str, Any]]
    unallocated: dict[str, int]
    cost: int
    bound: int
    gap: float
    runner_up: dict[str, Any] | None
    cut: dict[str, int]
    replaces: list[str]
    actor: str
    saved: int
    by_solver: bool
    milliseconds: float
    replayable: bool
    inputs: InputsView


class DecisionAnswerView(TypedDict):
    """A decision, and the names of all of the order's, oldest first."""

    decision: DecisionRecordView
    decisions: list[DecisionNameView]


class FenceView(TypedDict):
    """What keeps a location out; of these SKUs only, unless there are none."""

    reason: str
    skus: list[str]


class TermView(TypedDict):
    """What a plan costs more (negative: less) by one term."""

    term: str
    extra: int


class AlternativeView(TypedDict):
    """A plan not taken against the one taken: `extra`, `parcels` and `unallocated` it has more.

    `pass_name`: the later pass of the rule set that it needs, "" if none.
    """

    location_ids: list[str]
    cost: int
    extra: int
    terms: list[TermView]
    parcels: int
    unallocated: int
    pass_name: str


class ChangeView(TypedDict):
    """A change of one parameter that was tried and would have chosen the location."""

    parameter: str
    text: str
    before: Any
    after: Any


class WhyView(TypedDict):
    """Why. `verdict`: chosen, fenced, no_stock or not_best.

    `lines`, `units`: how many the location could send, of how many, were it not fenced. `replay`:
    identical, or differs in the fields of `differs`.
    """

    decision_id: str
    text: str
    verdict: str
    fences: list[FenceView]
    lines: list[int]
    units: list[int]
    alternative: AlternativeView | None
    changes: list[ChangeView]
    replay: str
    differs: list[str]
