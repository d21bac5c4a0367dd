"""A long line is served from its head, a hundred at a time, as long as anybody gets something."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain
from typing import NamedTuple

from dom.model.ids import Sku
from dom.routing.line import MOST_AHEAD
from dom.routing.ports import Routing
from dom.routing.route import Outcome, route_all


class Served(NamedTuple):
    """What became of them, for which SKUs those behind the first are to be served now, and which
    lines could not be served.
    """

    outcome: Outcome
    more: list[Sku]
    unserved: set[Sku]


def serve(order_ids: Collection[str], skus: Iterable[str], ports: Routing) -> Served:
    """Route these orders, and the first in line for these SKUs.

    The next are served where somebody in line got something, and more stand behind: who is asked
    for twice finds a shorter line, and nobody who comes meanwhile goes before those who wait.
    """
    lines, wanted = ports.lines, sorted(set(skus))
    first = {Sku(one): lines.first(one, MOST_AHEAD) for one in wanted} if lines else {}
    heads = {sku: {one.order_id for one in some} for sku, some in first.items()}
    outcome = route_all({*order_ids, *chain.from_iterable(heads.values())}, ports)
    long = {sku for sku, some in first.items() if len(some) == MOST_AHEAD} | outcome.behind
    failed = {sku for sku, ids in heads.items() if not ids.isdisjoint(outcome.failed)}
    return Served(outcome, sorted(outcome.served & long), failed - outcome.served)
