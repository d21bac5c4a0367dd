"""What each in line for a SKU may expect of what is on its way."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from dom.model.incoming import IncomingSupply
from dom.model.prospect import UNKNOWN, Prospect
from dom.model.queue import Waiting

_DAY = timedelta(days=1)


def foretell(
    line: Iterable[Waiting],
    there: int,
    coming: IncomingSupply,
    today: date,
    opens: date | None = None,
) -> Iterator[tuple[Waiting, Prospect]]:
    """Each in line with the day on which the last of its units can leave, and what brings it.

    What is there already (`there` units) goes to the first in line, who keep what they were told:
    they are about to be routed. The rest is served by what comes first; goods leave from the day
    after they are expected. What is overdue, or has no day, serves nobody.
    Before a release (`opens`) nothing leaves, and it is the day of those of whom nothing later is
    known: whoever set it answers for it. Once it is over, or was called off, a later word of a
    release is the word of today.
    """
    dated = (
        (one.on + _DAY, name, one.units)
        for name, one in coming.orders.items()
        if one.on and not one.overdue(today)
    )
    supplies = deque(sorted(dated))
    for one in line:
        lacks = one.units - there
        there = max(0, -lacks)
        found = UNKNOWN if opens else _still(one.prospect or UNKNOWN, today)
        while lacks > 0:
            if not supplies:
                found = UNKNOWN
                break
            day, name, units = supplies.popleft()
            found = Prospect(day, name)
            lacks -= units
            if lacks < 0:
                supplies.appendleft((day, name, -lacks))
        yield one, _opened(found, opens) if opens else found


def _opened(found: Prospect, opens: date) -> Prospect:
    return found if found.on and found.on > opens else Prospect(opens)


def _still(told: Prospect, today: date) -> Prospect:
    is_of_release = told.by is None and told.on is not None
    return Prospect(min(told.on or today, today)) if is_of_release else told
