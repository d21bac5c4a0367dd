"""What a location has and nobody picks yet: the newest of it may go elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from dom.errors import Busy
from dom.fulfillment.actions import Decide, change_work
from dom.fulfillment.ports import Floor
from dom.fulfillment.take_back import Works
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.ids import LocationId

S = FulfillmentStatus
# Of what is being picked somebody may have the goods in hand.
_MOVABLE = (S.ASSIGNED, S.RELEASED, S.ACCEPTED)
# So many are given back well within the time of a function that has other messages, too.
MOST_WORKS = 50
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def may_go(work: FulfillmentOrder, location_id: LocationId) -> bool:
    """Whether it is unpicked work of that location which may still go elsewhere."""
    if work.location_id != location_id or work.status not in _MOVABLE or work.settling:
        return False
    # Stock of suppliers is what they tell now and then; a yes of theirs is worth more.
    return not (work.dropship and work.status is S.ACCEPTED)


def newest_first(
    location_id: LocationId, works: Works, wanted: Callable[[FulfillmentOrder], bool]
) -> list[FulfillmentOrder]:
    """The wanted ones of the location's unpicked work, what was assigned last at first."""
    return sorted(filter(wanted, _unpicked(location_id, works)), key=_age, reverse=True)


def change_until(
    enough: Callable[[], bool], works: Sequence[FulfillmentOrder], decide: Decide, floor: Floor
) -> None:
    """Change one after the other until it is enough: `MOST_WORKS` at most, then ask again.

    Busy, after all others were tried: some work keeps changing.
    """
    busy = None
    for work in works[:MOST_WORKS]:
        try:
            change_work(work.id, decide, floor)
        except Busy as error:
            busy = error
        if enough():
            return
    if busy:
        raise busy


def _unpicked(location_id: LocationId, works: Works) -> Iterator[FulfillmentOrder]:
    for status in _MOVABLE:
        cursor = None
        while True:
            page = works.find(location_id, status, cursor)
            yield from page.works
            cursor = page.next
            if cursor is None:
                break


def _age(work: FulfillmentOrder) -> tuple[datetime, str]:
    return work.created_at or _LONG_AGO, work.id
