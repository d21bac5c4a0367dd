"""What intake needs of the world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from dom.model.commit import PersonalData
from dom.model.facts import Erasure, Facts, ReturnNews, Scans, SeenOrder
from dom.model.fulfillment import FulfillmentOrder
from dom.model.ids import OrderId, Sku
from dom.model.order import Order
from dom.model.product import Product
from dom.model.reservation import Reservation
from dom.model.rma import Return

# What the delivery ids of orders begin with that the fetcher and the reconciler read.
BY_FETCHER, BY_RECONCILER = "fetched-", "reconcile-"
ASKED_FOR = (BY_FETCHER, BY_RECONCILER)


@dataclass(frozen=True, slots=True)
class Inbound:
    """An event as received, on its way from the door to the order."""

    channel: str
    account: str
    topic: str
    delivery_id: str
    received_at: datetime
    body: bytes
    triggered_at: datetime | None = None

    @property
    def was_asked_for(self) -> bool:
        """Whether we read it from the channel ourselves: more than this it does not say."""
        return self.delivery_id.startswith(ASKED_FOR)


class Request(Protocol):
    """A webhook as it came in: header names lower-case, the body's raw bytes."""

    @property
    def channel(self) -> str:
        """The channel's name, from the path."""

    @property
    def account(self) -> str:
        """The channel's account, from the path."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Values by lower-case name."""

    @property
    def body(self) -> bytes:
        """What was signed."""


class Delivery(Protocol):
    """One delivery's identity (`dom.channels.protocol.DeliveryIdentity`)."""

    @property
    def topic(self) -> str:
        """What happened, as the channel calls it."""

    @property
    def delivery_id(self) -> str:
        """The same on every attempt."""

    @property
    def triggered_at(self) -> datetime | None:
        """When it happened, finer than the channel's own clock tells."""


class Verifier(Protocol):
    """A channel that proves who speaks (`dom.channels.protocol.Channel.verify`)."""

    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        account: str,
        secrets: Sequence[str],
        now: datetime,
    ) -> Delivery:
        """Unauthenticated unless one of the secrets signed the body for that account."""


class Parser(Protocol):
    """A channel that says in our words what was said (`dom.channels.protocol.Channel.parse`)."""

    def parse(
        self, topic: str, account: str, body: bytes
    ) -> Facts | ReturnNews | Scans | Erasure | SeenOrder | None:
        """None for a topic that does not concern us; InvalidInput names the field."""


class Secrets(Protocol):
    """Signing secrets of a channel's account, newest first; none for an unknown account."""

    def get(self, channel: str, account: str) -> Sequence[str]:
        """As known, which may be some minutes old."""

    def renewed(self, channel: str, account: str) -> Sequence[str]:
        """As stored now, unless that was asked a moment ago: strangers can make us ask."""


class InboundQueue(Protocol):
    """Where received events wait."""

    def send(self, inbound: Inbound) -> None:
        """Keep it durably. Retryable if that did not succeed."""


class Carts(Protocol):
    """Reservations of carts."""

    def load(self, reservation_id: str) -> Reservation | None:
        """As last written, None if there is none."""


class Recipes(Protocol):
    """What is known of products."""

    def find_all(self, skus: Iterable[Sku]) -> Mapping[Sku, Product]:
        """Those of the SKUs that are described."""


class News(Protocol):
    """Where news of returns go: another stage carries them out."""

    def send(self, news: ReturnNews) -> None:
        """Keep it durably. Retryable if that did not succeed."""


class Orders(Protocol):
    """Orders as last written."""

    def load(self, order_id: str) -> Order | None:
        """The order, None if there is none."""

    def personal(self, order_id: str) -> PersonalData | None:
        """Its customer's data, None when forgotten."""


class Records(Orders, Protocol):
    """Orders and what belongs to them."""

    def returns_of(self, order_id: str) -> list[Return]:
        """All of an order's, oldest first."""

    def fulfillment_orders(self, order_id: str) -> list[FulfillmentOrder]:
        """All of an order's, oldest first."""


class Papers(Protocol):
    """Files that belong to orders."""

    def erase(self, order_id: OrderId, keys: Iterable[str]) -> None:
        """Delete the order's labels, also those that nothing names any more, and of what stands in
        it for labels and photos those that we keep. Busy: not now.
        """


class KnownOrders(Protocol):
    """Orders as last written."""

    def load_many(self, order_ids: Iterable[str]) -> Sequence[Order]:
        """Those that exist among these ids."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a channel's account was read: all that it changed until `at`, by its clock.

    `brought`: what was brought in of the last minutes before that, and when it had changed.
    """

    at: datetime
    brought: Mapping[str, datetime] = field(default_factory=dict)


class Marks(Protocol):
    """How far accounts were read."""

    def load(self, channel: str, account: str) -> Mark | None:
        """None: never."""

    def save(self, channel: str, account: str, mark: Mark) -> None:
        """Note it; two looks at once bring in the same things."""


class Reader(Protocol):
    """What events of an account only name, by its own API (`dom.channels.feeds.Reader`)."""

    @property
    def topic(self) -> str:
        """What the channel's parser calls a body that `fetch` brings."""

    def fetch(self, external_id: str) -> bytes:
        """It as a webhook would bring it."""


class Feed(Reader, Protocol):
    """An account's orders by its own API (`dom.channels.feeds.OrderFeed`)."""

    def page(
        self, since: datetime, until: datetime, cursor: str
    ) -> tuple[Sequence[SeenOrder], str]:
        """Orders changed in that time, the oldest change first, and the cursor of what follows
        ("": that was all).
        """


class Parking(Protocol):
    """Where payloads stand that can never be understood, until they are replayed."""

    def park(self, inbound: Inbound, field: str, reason: str) -> str:
        """Keep it with its reason; returns its key. Parking the same payload again is harmless."""
