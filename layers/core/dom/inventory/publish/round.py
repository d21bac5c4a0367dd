"""A batch of notes, worked off: SKUs to look at, and pages of what outlets show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from dom.errors import Busy, DomError
from dom.inventory.publish.ports import Publishing
from dom.inventory.publish.publish import Published, publish
from dom.inventory.publish.reconcile import reconcile
from dom.model.ids import Sku
from dom.model.outlet import Outlet

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Note:
    """What is asked for: a SKU, or all of it from `cursor` on; of `outlet`, or (None) of each.

    `since`: when it moved.
    """

    id: str
    since: datetime
    sku: Sku | None = None
    outlet: Key | None = None
    cursor: str = ""


class Later(Protocol):
    """The queue of notes. Busy: it does not take them now."""

    def look_again(self, outlet: Outlet, sku: Sku, since: datetime, after: timedelta) -> None:
        """A note of this SKU there, to be had after that time."""

    def go_on(self, outlet: Outlet, cursor: str) -> None:
        """A note of all that the outlet shows, from there on."""

    def tell(self, since: Mapping[Sku, datetime]) -> None:
        """Notes of these SKUs everywhere, and since when they wait."""


@dataclass(frozen=True, slots=True)
class Round:
    """Ports. `shown` is told how long ago what is shown now moved; `failed` what went wrong."""

    publishing: Publishing
    later: Later
    shown: Callable[[timedelta], object]
    failed: Callable[[Outlet, Exception], object]


def work_off(notes: Sequence[Note], outlets: Iterable[Outlet], ports: Round) -> set[str]:
    """Carry out the notes at the active outlets; returns ids of those that must come again.

    An outlet that cannot be reached does not keep the others waiting. Notes of outlets that are not
    there any more are over. Kits of what moved have moved as well.
    """
    outlets = [outlet for outlet in outlets if outlet.shows_stock]
    failed = _tell_kits(notes, ports) if outlets else set()
    for outlet in outlets:
        mine = [one for one in notes if one.outlet in (None, (outlet.channel, outlet.account))]
        if not mine:
            continue
        failed |= _skus([one for one in mine if one.sku], outlet, ports)
        for note in (one for one in mine if not one.sku):
            failed |= _page(note, outlet, ports)
    return failed


def _tell_kits(notes: Sequence[Note], ports: Round) -> set[str]:
    """Each is looked at by a note of its own: a component may be in a hundred of them."""
    mine = [one for one in notes if one.sku and one.outlet is None]
    since = _oldest(mine)
    kits: dict[Sku, datetime] = {}
    for sku, members in ports.publishing.sellable.kits_of(since).items() if since else ():
        for kit in members:
            kits[kit] = min(since[sku], kits.get(kit, since[sku]))
    new = {kit: at for kit, at in kits.items() if kit not in since}
    try:
        if new:
            ports.later.tell(new)
    except Busy:
        return {note.id for note in mine}
    return set()


def _skus(notes: Sequence[Note], outlet: Outlet, ports: Round) -> set[str]:
    since = _oldest(notes)
    try:
        if since:
            _follow(publish(since, outlet, ports.publishing), since, outlet, ports)
    except DomError as error:
        ports.failed(outlet, error)
        return {note.id for note in notes}
    return set()


def _page(note: Note, outlet: Outlet, ports: Round) -> set[str]:
    """One page; a note of all outlets begins at the first page of each."""
    try:
        if note.outlet is None:
            ports.later.go_on(outlet, "")
            return set()
        page = reconcile(outlet, note.cursor, ports.publishing)
        since = dict.fromkeys([*page.published.changed, *page.published.again], note.since)
        _follow(page.published, since, outlet, ports)
        if page.next:
            ports.later.go_on(outlet, page.next)
    except DomError as error:
        ports.failed(outlet, error)
        return {note.id}
    return set()


def _oldest(notes: Iterable[Note]) -> dict[Sku, datetime]:
    """SKUs, and since when they wait: movements of one SKU are one look."""
    since: dict[Sku, datetime] = {}
    for note in notes:
        if note.sku:
            since[note.sku] = min(note.since, since.get(note.sku, note.since))
    return since


def _follow(done: Published, since: Mapping[Sku, datetime], outlet: Outlet, ports: Round) -> None:
    now = ports.publishing.clock()
    for sku in done.changed:
        ports.shown(now - since[sku])
    for sku, after in done.again.items():
        ports.later.look_again(outlet, sku, since[sku], after)
