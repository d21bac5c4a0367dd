"""The use case: look, plan together, and move what is worth it, bundle by bundle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from dom.errors import Busy, CommitRefused, Rejected
from dom.model.commit import MAX_WRITES
from dom.model.replan import Ask, Bundle, Report
from dom.routing.replan.desk import Desk, desk
from dom.routing.replan.look import look, waiting_places
from dom.routing.replan.move import Move
from dom.routing.replan.moves import cost_of, moves_of, worthwhile
from dom.routing.replan.ports import Replanning, Threshold
from dom.routing.replan.write import commit_of
from dom.sourcing.joint.live import Together, plan_live


def replan(ask: Ask, ports: Replanning) -> Report:
    """Plan the work anew that nobody was told of yet, and (with `commit`) move what saves enough.

    Each bundle is one transaction under the versions of its orders and works: what changed
    meanwhile stays as it is, with all that counted on it. A repeat finds nothing left to do.
    """
    now = ports.routing.clock()
    places = waiting_places(ports) if ask.location_ids is None else ask.location_ids
    looked = look(places, ask, ports, now)
    report = Report(rest=looked.rest)
    if not looked.held:
        return report
    table = desk(looked.held, ports.routing, now)
    report.works = sum(len(held.works) for held in table.held)
    report.ship_groups = len(table.held)
    report.kept["too many lines"] += len(looked.held) - len(table.held)
    if not table.held:
        return report
    found = plan_live(table.cases, table.supply, ports.polish)
    _carry_out(found, table, ask, ports, report)
    report.kept = +report.kept
    return report


class _Choice(NamedTuple):
    """Moves that may be made, the chains of bundles that pay, and why others stay."""

    found: Together
    moves: dict[int, Move]
    chains: list[list[list[int]]]
    kept: Counter[str]

    @property
    def gain(self) -> tuple[int, int]:
        """Forced moves first, then what is gained by the rules in bundles that can be written."""
        made = [self.moves[n] for chain in self.chains for bundle in chain for n in bundle]
        return sum(move.forced for move in made), sum(move.gain for move in made)


def _carry_out(found: Together, table: Desk, ask: Ask, ports: Replanning, report: Report) -> None:
    """Of the plans with and without the solver, what can really be moved decides."""
    threshold = ports.threshold
    if ask.least is not None:
        threshold = replace(threshold, least=ask.least)
    plans = {id(one): one for one in (found.contents, found.plain) if one}.values()
    choices = [_choice(found._replace(contents=one), table, threshold) for one in plans]
    best = max(choices, key=lambda choice: choice.gain)
    report.kept += best.kept
    planned = {n for chain in best.chains for bundle in chain for n in bundle}
    _account(best.found, table, planned, report)
    made = {n for chain in best.chains for n in _chain(chain, best.moves, table, ask, report)}
    _account(best.found, table, made, report)


def _choice(found: Together, table: Desk, threshold: Threshold) -> _Choice:
    kept: Counter[str] = Counter()
    moves = moves_of(found, table, kept)
    chains = worthwhile(moves, table, threshold, kept)
    return _Choice(found, moves, [_writable(chain, moves, table, kept) for chain in chains], kept)


def _writable(
    chain: Sequence[Sequence[int]], moves: Mapping[int, Move], table: Desk, kept: Counter[str]
) -> list[list[int]]:
    """The chain up to the first bundle that fits no transaction."""
    for done, numbers in enumerate(chain):
        if commit_of({n: moves[n] for n in sorted(numbers)}, table, 0.0).writes > MAX_WRITES:
            kept["too large for one transaction"] += sum(map(len, chain[done:]))
            return [list(bundle) for bundle in chain[:done]]
    return [list(bundle) for bundle in chain]


def _account(found: Together, table: Desk, moved: Collection[int], report: Report) -> None:
    """Cost and bound of all work that can be planned, with these cases moved."""
    plans = [
        (case, contents if n in moved else case.present)
        for n, (case, contents) in enumerate(zip(table.cases, found.contents, strict=True))
        if contents is not None
    ]
    report.cost = sum(cost_of(case, sent) for case, sent in plans)
    parcels = sum(len(sent) for _, sent in plans)
    report.bound = min(report.cost, max(0, found.bound - found.penalty * parcels))


def _chain(
    chain: Sequence[Sequence[int]], moves: Mapping[int, Move], table: Desk, ask: Ask, report: Report
) -> list[int]:
    """Write bundle after bundle; from the first that cannot be on, the rest stays. What moved."""
    made: list[int] = []
    for numbers in chain:
        bundle = {n: moves[n] for n in sorted(numbers)}
        reason = _write(bundle, table, ask, report)
        if reason:
            report.kept[reason] += sum(map(len, chain)) - len(made)
            break
        told = tuple(move.told() for move in bundle.values())
        report.bundles.append(Bundle(told, ask.commit))
        made += numbers
    return made


def _write(bundle: Mapping[int, Move], table: Desk, ask: Ask, report: Report) -> str:
    """Why the bundle could not be written, or ""."""
    commit = commit_of(bundle, table, report.gap)
    try:
        if ask.commit:
            table.ports.ledger.commit(commit)
    except CommitRefused:
        return "changed meanwhile"
    except (Busy, Rejected):
        return "not written"
    return ""
