"""What telling a customer needs from outside: a mailer, the claims of messages, the order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from dom.errors import DomError, Rejected, Retryable
from dom.model.clock import Clock
from dom.model.commit import PersonalData
from dom.model.contact import Quiet
from dom.model.fulfillment import FulfillmentOrder
from dom.model.location import Location
from dom.model.order import Order


class NotAccepted(Retryable):
    """The mail service certainly did not take the message now, and may take it later."""


class RefusedByMailer(Rejected):
    """The mail service will never take this message. Its text is a code, without addresses."""


class OutcomeUnknown(DomError):
    """No answer came: the message may or may not have been taken."""


class Unwanted(Exception):
    """There is nobody to tell, or nothing to tell any more; the text is the reason's code."""


class MessageStatus(StrEnum):
    """Where a customer message stands.

    CLAIMED is being sent; READY was not taken and may be tried again; UNKNOWN was left by an
    attempt whose end nobody saw; SENT, FAILED and SKIPPED are final.
    """

    CLAIMED = "claimed"
    READY = "ready"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Notice:
    """The event that a message is about, with its own data."""

    event_id: str
    type: str
    order_id: str
    fulfillment_order_id: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """The claim of one message: one event, one recipient, one template.

    `recipient` is a digest salted with the order id, never the address. `reason` is a code.
    """

    key: str
    template: str
    notice: Notice
    recipient: str
    status: MessageStatus
    claimed_at: datetime
    reason: str = ""
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent: by mail, or as a text message, which has neither `subject` nor `html`.

    It holds personal data: never log it.
    """

    recipient: str
    subject: str
    text: str
    html: str


class Way(StrEnum):
    """How a message goes to a customer."""

    MAIL = "mail"
    SMS = "sms"


class Mailer(Protocol):
    """Sends one letter by its way, and never sends it twice by itself."""

    def send(self, letter: Letter) -> str:
        """The service's message id. NotAccepted, RefusedByMailer or OutcomeUnknown otherwise."""


class Messages(Protocol):
    """The stored claims."""

    def claim(self, message: Message, over: Collection[MessageStatus]) -> Message | None:
        """Store it if none is stored, or one whose status is in `over`; else the stored one."""

    def settle(
        self,
        message: Message,
        status: MessageStatus,
        reason: str = "",
        message_id: str = "",
    ) -> None:
        """Set the status if it is still CLAIMED (SENT also over UNKNOWN); else change nothing."""


class OrderReader(Protocol):
    """Consistent reads of an order."""

    def load(self, order_id: str) -> Order | None:
        """The order as last written."""

    def fulfillment_order(self, fulfillment_order_id: str) -> FulfillmentOrder | None:
        """The FulfillmentOrder as last written."""

    def fulfillment_orders(self, order_id: str) -> list[FulfillmentOrder]:
        """All of its FulfillmentOrders, oldest first."""

    def personal(self, order_id: str) -> PersonalData | None:
        """The customer's data, or None when forgotten."""


class Places(Protocol):
    """The stores where customers collect."""

    def location(self, location_id: str) -> Location | None:
        """The location, or None."""


class Later(Protocol):
    """Who brings a notice back."""

    def wait(self, notice: Notice, until: datetime) -> None:
        """Bring it then, or within half an hour after it; asked twice, once. Busy: not now."""


@dataclass(frozen=True, slots=True)
class Post:
    """Everything the stage works with. `link` makes the address of an order's tracking page;
    `texter` None: the stack sends no text messages; `quiet` None: it has no hours of its own.
    """

    orders: OrderReader
    places: Places
    messages: Messages
    mailer: Mailer
    clock: Clock
    link: Callable[[str], str]
    later: Later
    texter: Mailer | None = None
    quiet: Quiet | None = None
