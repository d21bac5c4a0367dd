"""A long line is served from its head, a hundred at a time, as long as anybody gets something."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from dom.model.ids import Sku
from dom.routing.line import MOST_AHEAD
from dom.routing.ports import Routing
from dom.routing.route import Outcome, route_all


def serve(
    order_ids: Collection[str], skus: Iterable[str], ports: Routing
) -> tuple[Outcome, list[Sku]]:
    """Route these orders, and the first in line for these SKUs; and for which of all SKUs those
    behind the first are to be served now.

    That is where somebody in line got something, and more stand behind: who is asked for twice
    finds a shorter line, and nobody who comes meanwhile goes before those who wait.
    """
    heads, more = set[str](), set[Sku]()
    for sku in map(Sku, sorted(set(skus))) if ports.lines else ():
        first = ports.lines.first(sku, MOST_AHEAD) if ports.lines else ()
        heads |= {one.order_id for one in first}
        more |= {sku} if len(first) == MOST_AHEAD else set()
    outcome = route_all({*order_ids, *heads}, ports)
    return outcome, sorted(outcome.served & (more | outcome.behind))
