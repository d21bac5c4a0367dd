"""Events that vendors put into our queue themselves, instead of sending them to a door.

Nothing in them proves who speaks: who may put messages there does (`InboundQueuePolicy`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dom.channels.amazon_notices import read as amazon
from dom.channels.protocol import DeliveryIdentity
from dom.channels.shopify_notices import read as shopify


@dataclass(frozen=True, slots=True)
class Notice:
    """An event of a channel's account, with the body that its `parse` reads."""

    channel: str
    account: str
    delivery: DeliveryIdentity
    body: bytes


Told = tuple[str, DeliveryIdentity, bytes]
Read = Callable[[Mapping[str, object]], Told | None]
# Each reads its own messages (account, delivery, body), and says None to all others.
READERS: Sequence[tuple[str, Read]] = (("amazon", amazon), ("shopify", shopify))


def notice(message: object) -> Notice | None:
    """What a message tells, as parsed from JSON; None: no vendor's form of it is known here.

    ValueError, KeyError, TypeError, AttributeError: it begins as one, and is none.
    """
    if not isinstance(message, Mapping):
        return None
    for channel, read in READERS:
        told = read(message)
        if told is not None:
            return Notice(channel, *told)
    return None
