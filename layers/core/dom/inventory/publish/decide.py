"""What to do about one SKU at one outlet, from what is there and what may be sold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dom.model.outlet import Listing, Wish

_NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Step:
    """What is known from now on, what is wished for, and when to look again."""

    listing: Listing
    wish: Wish | None = None
    look_again: timedelta | None = None


def decide(listing: Listing, units: int, shown: int, now: datetime, settle: timedelta) -> Step:
    """Lower at once; raise what has stood still for `settle`; leave alone what is right.

    `units` is what may be sold, `shown` what the channel shows now.
    """
    since = listing.seen_at if listing.shown == shown and listing.seen_at else now
    seen = replace(listing, shown=shown, seen_at=since)
    if shown == units:
        return Step(seen)
    wish = Wish(listing.item, shown, units)
    if shown > units:
        return Step(seen, wish)
    wait = since + settle - now
    return Step(seen, look_again=wait) if wait > _NONE else Step(seen, wish)
