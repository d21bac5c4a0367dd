"""What a supplier is told, and what an adapter needs to tell it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Protocol

from dom.carriers.port import Party
from dom.http.signed import SigningKey
from dom.model.partner import Partner


@dataclass(frozen=True, slots=True)
class MessageLine:
    """Units of a line. `unit_cost` as in the product's books, in minor units; 0: not known."""

    line_id: str
    sku: str
    title: str
    quantity: int
    unit_cost: int = 0


@dataclass(frozen=True, slots=True)
class SupplierMessage:
    """A purchase order (`order`), a cancellation of units (`cancel`), or the wish for one of units
    that are packed already (`cancel_request`).

    `id` is the same on every attempt to tell the same. `number` is the purchase order's; `lines`
    are the units that it is about, `left` those that are still to ship after it (of a cancellation,
    or of a wish for one that is granted); `whole`: nothing of it is left to ship. `customer_order`:
    what the customer calls it. `ship_to` only of an order. Personal data: never logged.
    """

    id: str
    kind: str
    number: str
    location_id: str
    at: datetime
    lines: tuple[MessageLine, ...]
    method: str
    customer_order: str = ""
    whole: bool = False
    deliver_by: datetime | None = None
    acknowledge_by: datetime | None = None
    ship_to: Party | None = None
    left: tuple[MessageLine, ...] = ()


class SupplierPort(Protocol):
    """One way to tell a supplier."""

    def send(self, message: SupplierMessage) -> None:
        """Tell it, to the same effect however often it is asked.

        Rejected: it never will be. Busy: not now, or nobody knows whether it was.
        """


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where signed requests go, and by which key they are signed."""

    url: str
    key: SigningKey


@dataclass(frozen=True, slots=True)
class Outside:
    """What adapters work with. `endpoint` of a supplier by location and URL; `post` sends a mail,
    `put` stores (name, text), the same name always meaning the same content. `partner` of a name,
    `exchange` sends it a set of X12 (partner, kind, message id, segments). They raise as `send`.
    """

    endpoint: Callable[[str, str], Endpoint]
    post: Callable[[EmailMessage], object]
    put: Callable[[str, str], None]
    partner: Callable[[str], Partner]
    exchange: Callable[[str, str, str, Sequence[tuple[str, ...]]], object]
