"""A batch of messages, each on its own: no message stands in another one's way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dom.errors import InvalidInput, Rejected
from dom.intake.ingest import Ports, ingest
from dom.intake.ports import Inbound, Parking, Parser
from dom.model.clock import Clock

PARKED = "MessagesParked"
FAILED = "MessagesFailed"


@dataclass(frozen=True, slots=True)
class Intake:
    """The ports of intake, wired. `read` is a message's event; `channel` the parser by name."""

    read: Callable[[str], Inbound]
    channel: Callable[[str], Parser]
    parking: Parking
    clock: Clock
    ports: Ports


def ingest_all(
    messages: Mapping[str, str],
    intake: Intake,
    count: Callable[[str], None],
    report: Callable[[str], None],
) -> list[str]:
    """Ingest messages by their id; returns the ids of those that must come again.

    `count` is told what became of each, `report` of errors, within the exception's context.
    """
    failed: list[str] = []
    for message_id, message in messages.items():
        try:
            count(_ingest_or_park(message, intake))
        except Exception:  # whatever it was, its neighbors go on
            count(FAILED)
            report("message failed")
            failed.append(message_id)
    return failed


def _ingest_or_park(message: str, intake: Intake) -> str:
    inbound = intake.read(message)
    try:
        parser = intake.channel(inbound.channel)
        return ingest(inbound, parser, intake.ports, intake.clock())
    except Rejected as error:
        park(inbound, error, intake.parking)
        return PARKED


def park(inbound: Inbound, error: Rejected, parking: Parking) -> None:
    """Keep what can never be understood, with the field and the reason that the error names."""
    field = error.field if isinstance(error, InvalidInput) else "message"
    reason = error.reason if isinstance(error, InvalidInput) else str(error)
    parking.park(inbound, field, reason)
