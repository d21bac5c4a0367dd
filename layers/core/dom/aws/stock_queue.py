"""Notes of what moved, as messages of StockQueue."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dom.aws.control_store import TTL_SECONDS
from dom.aws.outlet_store import OutletStore
from dom.aws.queues import Queue
from dom.inventory.publish.round import Note
from dom.model.clock import Clock, from_text, to_text
from dom.model.ids import Sku
from dom.model.outlet import Outlet

# So long may changes be announced that no outlet wants to hear of any more.
ASKED_EVERY = timedelta(seconds=30)
KNOWN_AFTER = timedelta(seconds=TTL_SECONDS + 1)


@dataclass(frozen=True, slots=True)
class StockQueue:
    """`dom.inventory.publish.round.Later` on SQS."""

    queue: Queue

    def look_again(self, outlet: Outlet, sku: Sku, since: datetime, after: timedelta) -> None:
        """See the port."""
        note = {**_at(outlet), "sku": sku, "since": to_text(since)}
        self.queue.send(note, timedelta(seconds=math.ceil(after.total_seconds())))

    def go_on(self, outlet: Outlet, cursor: str) -> None:
        """See the port."""
        self.queue.send({**_at(outlet), "cursor": cursor})

    def tell(self, since: Mapping[Sku, datetime]) -> None:
        """See the port."""
        notes = [{"sku": sku, "since": to_text(at)} for sku, at in since.items()]
        self.queue.send_all(notes, timedelta())

    def everything(self) -> None:
        """A note of all that every outlet shows, once what made it necessary is known everywhere:
        functions keep controls for some seconds.
        """
        self.queue.send({"everything": True}, KNOWN_AFTER)

    def begin(self, outlet: Outlet) -> None:
        """Everything as it is now; whatever moves after the outlet was written is announced."""
        self.queue.send({**_at(outlet), "cursor": ""})


def notes_of(records: Sequence[Mapping[str, Any]]) -> tuple[list[Note], list[str]]:
    """The notes of SQS records, and ids of messages that are none.

    An event of the bus (a location opened or closed) asks for everything, everywhere, as does a
    change of controls.
    """
    notes: list[Note] = []
    poison: list[str] = []
    for record in records:
        try:
            notes.append(_note_of(record))
        except (ValueError, KeyError, TypeError, AttributeError):
            poison.append(record["messageId"])
    return notes, poison


def _note_of(record: Mapping[str, Any]) -> Note:
    body = json.loads(record["body"])
    milliseconds = int(record["attributes"]["SentTimestamp"])
    since = datetime.fromtimestamp(milliseconds / 1000, UTC)
    name = record["messageId"]
    if "detail" in body or "everything" in body:
        return Note(name, since)
    outlet = (body["channel"], body["account"]) if "channel" in body else None
    if "sku" in body:
        since = from_text(body["since"]) if "since" in body else since
        return Note(name, since, Sku(body["sku"]), outlet)
    return Note(name, since, None, outlet, body["cursor"])


def _at(outlet: Outlet) -> dict[str, str]:
    return {"channel": outlet.channel, "account": outlet.account}


@dataclass
class Announcements:
    """`dom.inventory.publish.announce.Announcer`, silent while no outlet shows stock.

    While none does it asks each time: what moves right after the first one was written is shown
    there. That one does is believed for half a minute. Keep it.
    """

    outlets: OutletStore
    queue: Queue
    clock: Clock
    _wanted: bool = False
    _until: datetime | None = None

    def send_ids(
        self, name: str, ids: Sequence[str], delay: timedelta = timedelta()
    ) -> Sequence[str]:
        """See the port."""
        if not self._wanted or self._until is None or self.clock() >= self._until:
            self._wanted = any(one.shows_stock for one in self.outlets.all())
            self._until = self.clock() + ASKED_EVERY
        return self.queue.send_ids(name, ids, delay) if self._wanted else []
