"""What an order was sold of: units that somebody kept for its channel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dom.model.control import Control, fence_for
from dom.model.order import Order


def fenced(order: Order, controls: Iterable[Control]) -> Order:
    """The order with the ring-fences that its SKUs draw on, as they stood when it was placed.

    What was noted once stays, also when the control is gone.
    """
    known, fences = list(controls), dict(order.fences)
    for sku in {line.sku for line in order.lines if line.sku} - set(fences):
        fence = fence_for(sku, order.channel, order.placed_at, known)
        if fence:
            fences[sku] = fence
    return order if fences == order.fences else replace(order, fences=fences)
