"""Transfers that the night proposes, and slow stock, in the API."""

from __future__ import annotations

import re
from collections.abc import Iterable

from typing_extensions import TypedDict

from dom.api.operation import Operation, Query
from dom.api.paging import cursor_of
from dom.errors import NotFound
from dom.model.rebalancing import Move, Proposal, ProposalStatus, Slow

_ID = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[a-z2-7]{20}")
_ACTIONS = {"approve": ProposalStatus.APPROVED, "dismiss": ProposalStatus.DISMISSED}


class MoveView(TypedDict):
    """Units of a SKU. `gain`: minor units, before the shipment's cost. The days are those that the
    stock of either end lasts, before and after; null: for ever.
    """

    sku: str
    units: int
    gain: int
    from_days: float | None
    from_days_after: float | None
    to_days: float | None
    to_days_after: float | None


class ProposalView(TypedDict):
    """A transfer that is proposed. `gain`: minor units that it is expected to be worth after all
    costs. `transfer_id`: of the transfer, once it is approved.
    """

    id: str
    made_on: str
    status: str
    from_location_id: str
    location_id: str
    gain: int
    lines: list[MoveView]
    decided_by: str | None
    transfer_id: str | None
    version: int


class ProposalsView(TypedDict):
    """Some proposals, those of the newest day first."""

    proposals: list[ProposalView]
    next: str | None


class SlowView(TypedDict):
    """Units beyond what will be sold, the days that all units last (null: for ever), what the
    units cost in minor units.
    """

    sku: str
    units: int
    days: float | None
    value: int


class SlowStockView(TypedDict):
    """What is slow, dearest first, as of a day."""

    made_on: str
    skus: list[SlowView]


LIST_PROPOSALS = Operation(
    "listRebalancing",
    "GET",
    "/rebalancing",
    "inventory:read",
    "Transfers that the night proposes, with what they are expected to gain.",
    ProposalsView,
    query=(Query("next", "From the page before."),),
)
DECIDE_PROPOSAL = Operation(
    "decideRebalancing",
    "POST",
    "/rebalancing/{id}/{action}",
    "inventory:write",
    "approve: ask for the transfer, as far as its stock is still there. dismiss: it is not wanted.",
    ProposalView,
    problems=(404, 409),
)
GET_SLOW = Operation(
    "getSlowStock",
    "GET",
    "/slow-stock",
    "inventory:read",
    "Stock that lasts longer than the terms of rebalancing allow: what to mark down.",
    SlowStockView,
    problems=(404,),
)
OPERATIONS = (LIST_PROPOSALS, DECIDE_PROPOSAL, GET_SLOW)


def proposal_id(text: str) -> str:
    """An id that could be a proposal's; NotFound otherwise."""
    if not _ID.fullmatch(text):
        raise NotFound("proposal", text[:80])
    return text


def cursor(text: str | None) -> str:
    """Where the next page goes on; InvalidInput: it is none of ours."""
    return cursor_of(text, _ID)


def decision(action: str) -> ProposalStatus:
    """What the action makes of a proposal; NotFound if there is none of that name."""
    if action not in _ACTIONS:
        raise NotFound("action", action[:80])
    return _ACTIONS[action]


def render_proposal(proposal: Proposal) -> ProposalView:
    """The proposal as the API shows it."""
    approved = proposal.status is ProposalStatus.APPROVED
    return {
        "id": proposal.id,
        "made_on": proposal.made_on.isoformat(),
        "status": proposal.status.value,
        "from_location_id": proposal.origin,
        "location_id": proposal.to,
        "gain": proposal.gain,
        "lines": [_move(line) for line in proposal.lines],
        "decided_by": proposal.decided_by or None,
        "transfer_id": proposal.transfer_id if approved else None,
        "version": proposal.version,
    }


def render_slow(made_on: str, rows: Iterable[Slow]) -> SlowStockView:
    """The list as the API shows it."""
    shown: list[SlowView] = [
        {"sku": one.sku, "units": one.units, "days": one.days, "value": one.value} for one in rows
    ]
    return {"made_on": made_on, "skus": shown}


def _move(line: Move) -> MoveView:
    return {
        "sku": line.sku,
        "units": line.units,
        "gain": line.gain,
        "from_days": line.origin_days,
        "from_days_after": line.origin_days_after,
        "to_days": line.to_days,
        "to_days_after": line.to_days_after,
    }
