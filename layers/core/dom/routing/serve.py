"""A long line is served from its head, a hundred at a time, as long as anybody gets something."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from dom.model.ids import Sku
from dom.routing.line import MOST_AHEAD
from dom.routing.ports import Routing
from dom.routing.route import Outcome, route_all


def serve(
    order_ids: Collection[str], skus: Iterable[str], ports: Routing
) -> tuple[Outcome, list[Sku], set[Sku]]:
    """Route these orders, and the first in line for these SKUs; for which of all SKUs those behind
    the first are to be served now, and which lines could not be served.

    The next are served where somebody in line got something, and more stand behind: who is asked
    for twice finds a shorter line, and nobody who comes meanwhile goes before those who wait.
    """
    heads, more, lines = set[str](), set[Sku](), dict[Sku, set[str]]()
    for sku in map(Sku, sorted(set(skus))) if ports.lines else ():
        first = ports.lines.first(sku, MOST_AHEAD) if ports.lines else ()
        lines[sku] = {one.order_id for one in first}
        heads |= lines[sku]
        more |= {sku} if len(first) == MOST_AHEAD else set()
    outcome = route_all({*order_ids, *heads}, ports)
    failed = {sku for sku, ids in lines.items() if not ids.isdisjoint(outcome.failed)}
    return outcome, sorted(outcome.served & (more | outcome.behind)), failed - outcome.served
