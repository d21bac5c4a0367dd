"""Tasks of the state machine: which work is planned together, and one part of it planned anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from dom.aws.wiring import replanning, rules
from dom.model.ids import LocationId
from dom.model.replan import Ask, Report
from dom.observability import count, inputs_not_kept, logger, metrics, rules_unreadable
from dom.routing.replan.look import partitions
from dom.routing.replan.ports import Replanning
from dom.routing.replan.run import replan
from dom.settings import from_environment
from dom.solver.mip import Mip

Json = dict[str, Any]
# A safety stop, far below the timeout: the budget itself is in nodes.
SOLVER_SECONDS = 40.0


@cache
def _replanning() -> Callable[[], Replanning]:
    settings = from_environment()
    return replanning(settings, rules(settings, rules_unreadable), Mip(seconds=SOLVER_SECONDS))


def _partition(event: Json) -> Json:
    """Parts of `location_ids`, or of all locations where work waits."""
    parts = partitions(_replanning()(), event.get("location_ids"))
    return {"parts": [{"location_ids": part} for part in parts]}


def _replan(event: Json) -> Json:
    """Some of a part; `location_ids` (and `cursor`) of the answer are what is left of it."""
    places = tuple(LocationId(one) for one in event["location_ids"])
    report = replan(Ask(places, event.get("cursor"), commit=True), _replanning()())
    _tell(report)
    rest = report.rest
    left = list(rest.location_ids) if rest else []
    return {"location_ids": left, "cursor": rest.cursor if rest else None}


def _tell(report: Report) -> None:
    count("ReplanLooked", report.works)
    count("ReplanMoved", len(report.moves))
    count("ReplanForced", sum(move.forced for move in report.moves))
    count("ReplanSaved", report.saved)
    count("ReplanKept", sum(report.kept.values()))
    inputs_not_kept(report.unkept)
    facts = {"cost": report.cost, "bound": report.bound, "gap": report.gap, "saved": report.saved}
    orders = [move.order_id for move in report.moves]
    logger.info("re-planned", extra={**facts, "kept": dict(report.kept), "orders": orders})


TASKS: Mapping[str, Callable[[Json], Json]] = {"partition": _partition, "replan": _replan}


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: Json, context: object) -> Json:
    """Carry out `{task, location_ids?, cursor?}`."""
    return TASKS[event["task"]](event)
