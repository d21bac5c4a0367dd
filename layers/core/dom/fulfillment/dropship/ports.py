"""What telling suppliers needs from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dom.fulfillment.channel_ports import Turns
from dom.fulfillment.dropship.news import News
from dom.fulfillment.ports import Floor
from dom.model.fulfillment import FulfillmentOrder


class Suppliers(Protocol):
    """Who ships for us."""

    def tell(self, work: FulfillmentOrder, news: News) -> str:
        """Tell the supplier of the work; the message's id, the same on each attempt.

        Rejected: it never will be told so. Busy: not now, or nobody knows whether it was.
        """


@dataclass(frozen=True, slots=True)
class Informing:
    """Ports."""

    floor: Floor
    suppliers: Suppliers
    turns: Turns
