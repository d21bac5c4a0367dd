"""What floor actions must do, from docs and nothing else: a second opinion on the status machine.

Work of a warehouse that ships parcels, seen from outside. The code's own table is not looked at:
a test that asked it would agree with whatever it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_OPEN = ("assigned", "released", "accepted", "picking", "packed")
_UNPACKED = _OPEN[:-1]


def _from(states: Iterable[str], action: str, target: str) -> Mapping[tuple[str, str], str]:
    return {(state, action): target for state in states}


# (status found, action) -> status afterwards; what is not listed is refused and changes nothing.
MODEL: Mapping[tuple[str, str], str] = {
    **_from(("assigned", "released"), "accept", "accepted"),
    **_from(("accepted",), "pick", "picking"),
    **_from(("picking",), "pack", "packed"),
    # A WMS may say nothing but that it has left; what left in spite of a cancellation has left.
    **_from((*_OPEN, "cancel_requested"), "ship", "shipped"),
    **_from(("shipped",), "deliver", "delivered"),
    **_from(_OPEN, "reject", "rejected"),
    **_from((*_UNPACKED, "cancel_requested"), "cancel", "cancelled"),
    **_from(("cancel_requested",), "confirm-cancel", "cancelled"),
    **_from(("cancel_requested",), "refuse-cancel", "packed"),
}
ACTIONS = (*sorted({action for _, action in MODEL}), "ready", "arrive", "collect", "write-off")
# What brings work a step nearer to its end.
ONWARD = {
    "assigned": "accept",
    "released": "accept",
    "accepted": "pick",
    "picking": "pack",
    "packed": "ship",
    "cancel_requested": "confirm-cancel",
    "shipped": "deliver",
}
