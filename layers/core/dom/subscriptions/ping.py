"""Try whether a subscriber can be told anything, now."""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex

from dom.events import ping_event
from dom.subscriptions.manage import existing
from dom.subscriptions.ports import Answer, Subscriptions, Tell


def ping(
    name: str, actor: str, now: datetime, store: Subscriptions, tell: Tell
) -> tuple[str, Answer]:
    """The id of what was sent, and what was answered; how it goes is not counted. NotFound."""
    event = ping_event(f"ping_{token_hex(10)}", now, actor)
    return event.event_id, tell(existing(name, store), event.detail)
