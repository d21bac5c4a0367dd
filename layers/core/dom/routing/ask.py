"""Questions about decisions that were made: which, would it be the same again, and why (not)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from dom.errors import InvalidInput, NotFound, NotReplayable
from dom.model.decision import RoutingDecision
from dom.model.ids import LocationId
from dom.model.order import Order
from dom.model.reasons import Answer
from dom.routing.evidence import Archive
from dom.sourcing.joint import again
from dom.sourcing.record import Recorded, facts, record
from dom.sourcing.replay import Inputs, Moment, differences, moment
from dom.sourcing.why import why, why_not


class Records(Protocol):
    """Reads of decisions."""

    def load(self, order_id: str) -> Order | None:
        """The order, or None."""

    def decisions_of(self, order_id: str) -> list[RoutingDecision]:
        """All decisions of an order, in no order."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Ports."""

    records: Records
    archive: Archive


def decisions_of(order_id: str, records: Records) -> list[RoutingDecision]:
    """All decisions of an order, oldest first; NotFound if there is no order, or none was made."""
    found = sorted(records.decisions_of(order_id), key=_age)
    if found:
        return found
    if records.load(order_id) is None:
        raise NotFound("order", order_id)
    raise NotFound("decision", f"of order {order_id}")


def pick(
    found: list[RoutingDecision], decision_id: str = "", ship_group_id: str = ""
) -> RoutingDecision:
    """The latest of an order's decisions; of that id, or of that ship group, if one is given."""
    for decision in reversed(found):
        if decision_id in ("", decision.id) and ship_group_id in ("", decision.ship_group_id):
            return decision
    raise NotFound("decision", decision_id or f"of ship group {ship_group_id}")


def check(decision: RoutingDecision, archive: Archive) -> Mapping[str, list[str]]:
    """Decide it again; what comes out otherwise, by field: [as stored, as replayed]."""
    _, made = _played(decision, inputs_of(decision, archive))
    return differences(decision, facts(made))


def ask_why(decision: RoutingDecision, archive: Archive, location_id: str = "") -> Answer:
    """Why this plan, or why not that location. InvalidInput if the network did not know it then."""
    inputs = inputs_of(decision, archive)
    if location_id and LocationId(location_id) not in inputs.network.index:
        raise InvalidInput("location_id", "the network did not have it when this was decided")
    at, made = _played(decision, inputs)
    place = LocationId(location_id)
    answer = why_not(at, place, made.plan) if location_id else why(at, made.plan)
    return Answer(decision, answer, differences(decision, facts(made)))


def inputs_of(decision: RoutingDecision, archive: Archive) -> Inputs:
    """What it was made from; NotReplayable says why that is not there."""
    evidence = decision.evidence
    if not evidence.kept:
        raise NotReplayable(f"the inputs of {decision.id} were not kept when it was made")
    found = archive.inputs(evidence.solve)
    if found is None:
        raise NotReplayable(
            f"the inputs of {decision.id} were deleted: they are kept for some days"
        )
    return found


def _played(decision: RoutingDecision, inputs: Inputs) -> tuple[Moment, Recorded]:
    """The decision's ship group when its turn came, or in the joint plan, and what comes of it."""
    names = decision.order_id, decision.ship_group_id
    if inputs.assigned:
        return again.played(inputs, *names)
    at = moment(inputs, *names)
    return at, record(*at)


def _age(decision: RoutingDecision) -> tuple[str, int]:
    """By time; of one instant by the order's count of decisions, which ends the id."""
    number = decision.id.rpartition("-")[2]
    return decision.at.isoformat(), int(number) if number.isdigit() else 0
