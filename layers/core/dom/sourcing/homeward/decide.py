"""The decision: the cheapest place of all that may take the goods, or that the customer keeps them.

Cost is what bringing them back takes, less what they bring there (docs/returns.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from dom.model.ids import LocationId
from dom.model.location import Capability, Location, LocationType
from dom.model.return_terms import KEEP_IT, LOCATION, NOBODY, ReturnMethod
from dom.model.rma import ReturnDecision
from dom.model.rules import RuleSet
from dom.sourcing import wording
from dom.sourcing.homeward.case import ReturnCase
from dom.sourcing.homeward.price import Priced, priced
from dom.sourcing.homeward.worth import supplies
from dom.sourcing.network import Network

# Candidates that a decision shows: it is one item of at most 400 KB with everything else.
SHOWN = 12
SHOWN_OUT = 5


def decide(case: ReturnCase, network: Network, rules: RuleSet, now: datetime) -> ReturnDecision:
    """The best place, with what was looked at, best first, and why.

    Deterministic: of equal costs the nearer, then the higher-ranked location. `now` is when.
    """
    fenced = {i: reason for i in range(network.size) if (reason := fence(case, network, rules, i))}
    case = _with_store(case, network, fenced)
    inside = [i for i in range(network.size) if i not in fenced]
    stock = supplies(case)
    found = (priced(case, stock, network, rules, i) for i in inside)
    ranked = sorted(found, key=lambda one: one.order)
    out = [(network.locations[i], reason) for i, reason in fenced.items() if reason != _UNABLE]
    decision = ReturnDecision(now, rules.version, NOBODY, "", candidates=_told(ranked, out))
    if not ranked:
        return _nobody(decision, rules)
    best = ranked[0]
    decision = replace(
        decision,
        cost=best.cost,
        recovered=best.recovered,
        days=best.days,
        co2e_grams=best.co2e_grams,
    )
    if _keeps(best, rules):
        return replace(decision, outcome=KEEP_IT, why=_why_kept(case, best), co2e_grams=0)
    where, why = best.location.location_id, _why(case, ranked)
    return replace(decision, outcome=LOCATION, location_id=where, why=why)


_UNABLE = "takes no returns"


def fence(case: ReturnCase, network: Network, rules: RuleSet, place: int) -> str:
    """Why a location may not take the goods, "" if it may."""
    location = network.locations[place]
    if not location.active or Capability.RETURNS not in location.capabilities:
        return _UNABLE
    if location.location_id not in case.backlogs:
        return "closed"
    if location.type not in rules.returns.routing.processing:
        return f"no {location.type.value} takes returns"
    if lacking := case.needs - location.handles:
        return f"cannot handle {', '.join(sorted(lacking))}"
    if location.type is LocationType.SUPPLIER and location.location_id not in case.origins:
        return "not its goods"
    return ""


def _with_store(case: ReturnCase, network: Network, fenced: Iterable[int]) -> ReturnCase:
    """Where no store is chosen, the customer is sent to the nearest that takes returns."""
    if case.method is not ReturnMethod.STORE or case.dropped_at or case.sender is None:
        return case
    stores = network.of_type(LocationType.STORE)
    for place in fenced:
        stores &= ~(1 << place)
    if not stores:
        return case
    nearest = network.view(case.sender).nearest(stores)
    return replace(case, dropped_at=network.locations[nearest].location_id)


def _keeps(best: Priced, rules: RuleSet) -> bool:
    """Whether bringing it back takes more than its share of what it brings."""
    percent = rules.returns.routing.keep_below
    spent = best.cost + best.recovered
    return bool(percent) and spent * 100 > percent * best.recovered


def _nobody(decision: ReturnDecision, rules: RuleSet) -> ReturnDecision:
    if rules.returns.routing.keep_below:
        return replace(decision, outcome=KEEP_IT, why="no location takes it back: kept and paid")
    return replace(decision, why="no location takes it back: a person must decide")


def _why(case: ReturnCase, ranked: list[Priced]) -> str:
    best = ranked[0]
    brings = wording.amount(best.recovered, case.currency)
    spent = wording.amount(best.cost + best.recovered, case.currency)
    text = (
        f"{best.location.name}, {_way(case, best)}: brings {brings} for {spent}, "
        f"on sale in {best.days:.0f} days"
    )
    if len(ranked) == 1:
        return f"only location that takes it: {text}"
    rival = ranked[1]
    gaps = {name: rival.terms[name] - best.terms[name] for name in best.terms}
    mostly = max(gaps, key=lambda name: gaps[name])
    extra = wording.signed(rival.cost - best.cost, case.currency)
    return f"{text}; 2nd best {rival.location.name} {extra} (mostly {mostly})"


def _way(case: ReturnCase, best: Priced) -> str:
    if best.location.location_id == case.dropped_at:
        return "brought by the customer"
    return wording.distance(best.metres)


def _why_kept(case: ReturnCase, best: Priced) -> str:
    brings = wording.amount(best.recovered, case.currency)
    spent = wording.amount(best.cost + best.recovered, case.currency)
    return f"kept and paid: even at {best.location.name} it brings {brings} and takes {spent}"


def _told(ranked: list[Priced], out: list[tuple[Location, str]]) -> tuple[dict[str, object], ...]:
    inside: list[dict[str, object]] = [
        {
            "location_id": one.location.location_id,
            "distance_km": None if one.metres is None else round(one.metres / 1000, 1),
            "cost": one.cost,
            "terms": dict(one.terms),
            "recovered": one.recovered,
            "days": one.days,
            "co2e_grams": one.co2e_grams,
            "eligible": True,
            "reason": "",
        }
        for one in ranked[:SHOWN]
    ]
    fenced: list[dict[str, object]] = [
        {"location_id": LocationId(one.location_id), "eligible": False, "reason": reason}
        for one, reason in out[:SHOWN_OUT]
    ]
    return (*inside, *fenced)
