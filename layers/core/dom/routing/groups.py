"""Group commit: many orders in few transactions, each position written once in each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dom.model.commit import MAX_WRITES, Commit
from dom.model.demand import uncounted
from dom.model.ids import LocationId, Sku, digest
from dom.model.location_state import LocationState
from dom.model.stock import Cause, StockChange
from dom.routing.proposal import ACTOR, Proposal, capacity_of

# Keeps a transaction far below DynamoDB's 4 MB: a line takes some 300 bytes in order and work.
MAX_LINES = 2000


def grouped(proposals: Iterable[Proposal]) -> list[list[Proposal]]:
    """Proposals in groups that fit one transaction; those that share a position stand together.

    A proposal that fits no transaction stands alone: see `dom.routing.steps`.
    """
    groups: list[list[Proposal]] = []
    size = _Size()
    for proposal in sorted(proposals, key=_place):
        grown = size.with_(proposal)
        if not groups or not grown.fits:
            groups.append([])
            grown = _Size().with_(proposal)
        groups[-1].append(proposal)
        size = grown
    return groups


def fits(proposal: Proposal) -> bool:
    """Whether the proposal can be written in one transaction."""
    return _Size().with_(proposal).fits


def assemble(group: Sequence[Proposal], states: dict[str, LocationState]) -> Commit:
    """The group as one commit: one conditional decrement and one movement for each position.

    Its id is a function of the orders and versions it was made from, so a repeat is refused.
    """
    works = [work for proposal in group for work in proposal.works]
    return Commit(
        "route-" + digest(*(f"{p.order.order_id}:{p.order.version}" for p in group)),
        max(p.order.history[-1].at for p in group),
        ACTOR,
        orders=tuple(p.order for p in group),
        fulfillment_orders=tuple(works),
        stock=allocations(group),
        capacity=capacity_of(works, states),
        decisions=tuple(decision for p in group for decision in p.decisions),
    )


def allocations(group: Sequence[Proposal]) -> tuple[StockChange, ...]:
    """The units that the group takes, summed by position, with the orders that each serves."""
    units: dict[tuple[Sku, LocationId], int] = {}
    served: dict[tuple[Sku, LocationId], list[dict[str, object]]] = {}
    for proposal in group:
        for key, quantity in proposal.positions().items():
            units[key] = units.get(key, 0) + quantity
            reference = {"order_id": proposal.order.order_id, "quantity": quantity}
            served.setdefault(key, []).append(reference)
    return tuple(
        StockChange(
            *key,
            Cause.ALLOCATION,
            reserved=quantity,
            takes_available=True,
            references=tuple(served[key]),
        )
        for key, quantity in sorted(units.items())
    )


@dataclass(frozen=True, slots=True)
class _Size:
    """Items and lines of a group: what it adds to a position or location twice counts once."""

    own: int = 0
    lines: int = 0
    shared: frozenset[object] = frozenset()

    def with_(self, proposal: Proposal) -> _Size:
        positions = proposal.positions()
        movements = {("movement", *key) for key in positions}
        places = {work.location_id for work in proposal.works}
        counters = set(uncounted(proposal.order))
        own = 1 + len(proposal.works) + len(proposal.decisions)
        shared = self.shared | set(positions) | movements | places | counters
        return _Size(self.own + own, self.lines + len(proposal.order.lines), shared)

    @property
    def fits(self) -> bool:
        return self.own + len(self.shared) <= MAX_WRITES and self.lines <= MAX_LINES


def _place(proposal: Proposal) -> tuple[object, ...]:
    return (*sorted(proposal.positions()), ("", proposal.order.order_id))
