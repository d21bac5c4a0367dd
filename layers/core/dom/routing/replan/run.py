"""The use case: look, plan together, and move what is worth it, bundle by bundle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from typing import NamedTuple

from dom.errors import Busy, CommitRefused, Rejected
from dom.model.commit import MAX_WRITES
from dom.model.replan import Ask, Bundle, Report
from dom.routing.evidence import Kept
from dom.routing.replan.desk import Desk, desk
from dom.routing.replan.look import look, waiting_places
from dom.routing.replan.move import Move
from dom.routing.replan.moves import moves_of, worthwhile
from dom.routing.replan.ports import Replanning, Threshold
from dom.routing.replan.write import Book, commit_of
from dom.sourcing.joint.again import inputs_of
from dom.sourcing.joint.live import Together, plan_live
from dom.sourcing.joint.made import Made
from dom.sourcing.joint.recorder import Recorder


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
    started = perf_counter()
    found = plan_live(table.cases, table.supply, ports.polish)
    share = (perf_counter() - started) * 1000 / len(table.cases)
    _carry_out(found, table, ask, ports, report, share)
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
        made = [self.moves[n] for n in self.planned]
        return sum(move.forced for move in made), sum(move.gain for move in made)

    @property
    def planned(self) -> list[int]:
        """The cases that may move."""
        return [n for chain in self.chains for bundle in chain for n in bundle]


def _carry_out(
    found: Together, table: Desk, ask: Ask, ports: Replanning, report: Report, share: float
) -> None:
    """Of the plans with and without the solver, what can really be moved decides."""
    least = ports.threshold.least if ask.least is None else ask.least
    threshold = replace(ports.threshold, least=least)
    plans = {id(one): one for one in (found.contents, found.plain) if one}.values()
    choices = [_choice(found._replace(contents=one), table, threshold) for one in plans]
    best = max(choices, key=lambda choice: choice.gain)
    report.kept += best.kept
    book = _book(best, table, report, share) if ask.commit and best.planned else None
    made = [n for chain in best.chains for n in _chain(chain, best.moves, table, book, report)]
    done = Made(table.cases, best.found, made)
    report.cost, report.bound = done.cost, done.bound


def _book(best: _Choice, table: Desk, report: Report, share: float) -> Book:
    """What decisions will say: all that is planned, kept before the first of it is written."""
    plan = Made(table.cases, best.found, best.planned)
    inputs = inputs_of(plan, table.supply)
    archive, kept = table.ports.archive, Kept()
    if archive is not None:
        kept = archive.keep(inputs)
        report.unkept += filter(None, [kept.failure])
    return Book(Recorder(plan, inputs.supply()), kept, plan.by_solver, share)


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
        if commit_of({n: moves[n] for n in sorted(numbers)}, table).writes > MAX_WRITES:
            kept["too large for one transaction"] += sum(map(len, chain[done:]))
            return [list(bundle) for bundle in chain[:done]]
    return [list(bundle) for bundle in chain]


def _chain(
    chain: Sequence[Sequence[int]],
    moves: Mapping[int, Move],
    table: Desk,
    book: Book | None,
    report: Report,
) -> list[int]:
    """Write bundle after bundle; from the first that cannot be on, the rest stays. What moved.

    Without a book, only tell.
    """
    made: list[int] = []
    for numbers in chain:
        bundle = {n: moves[n] for n in sorted(numbers)}
        reason = _write(bundle, table, book) if book else ""
        if reason:
            report.kept[reason] += sum(map(len, chain)) - len(made)
            break
        told = tuple(move.told(table.held[n].order) for n, move in bundle.items())
        report.bundles.append(Bundle(told, committed=book is not None))
        made += numbers
    return made


def _write(bundle: Mapping[int, Move], table: Desk, book: Book) -> str:
    """Why the bundle could not be written, or ""."""
    try:
        table.ports.ledger.commit(commit_of(bundle, table, book))
    except CommitRefused:
        return "changed meanwhile"
    except (Busy, Rejected):
        return "not written"
    return ""
