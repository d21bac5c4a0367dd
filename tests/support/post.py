"""In-memory twins of what the notify stage works with, and an inbox that can fail."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from dom.model.commit import PersonalData
from dom.model.ids import OrderId
from dom.notify.ports import Letter, Message, MessageStatus, Notice, Post
from support.builders import NOW
from support.fakes import FakeLedger, frozen

LINK = "https://shop.example/track/"


@dataclass
class FakeMessages:
    """Claims in a dictionary; passes the contract of `dom.aws.message_store.DynamoMessages`."""

    stored: dict[str, Message] = field(default_factory=dict)

    def claim(self, message: Message, over: Collection[MessageStatus]) -> Message | None:
        found = self.stored.get(message.key)
        if found and found.status not in over:
            return found
        self.stored[message.key] = message
        return None

    def settle(
        self, message: Message, status: MessageStatus, reason: str = "", message_id: str = ""
    ) -> None:
        found = self.stored[message.key]
        known = {MessageStatus.CLAIMED}
        known |= {MessageStatus.UNKNOWN} if status is MessageStatus.SENT else set()
        if found.status in known:
            told = replace(found, status=status, reason=reason, message_id=message_id)
            self.stored[message.key] = told

    def find(self, key: str) -> Message | None:
        return self.stored.get(key)


@dataclass
class FakeMailer:
    """Letters in a list. `raises` is raised once for each entry, before or `after` it is taken."""

    letters: list[Letter] = field(default_factory=list)
    raises: list[BaseException] = field(default_factory=list)
    takes_before_raising: bool = False

    def send(self, letter: Letter) -> str:
        if self.raises:
            if self.takes_before_raising:
                self.letters.append(letter)
            raise self.raises.pop(0)
        self.letters.append(letter)
        return f"mail-{len(self.letters)}"


class FakeOrders(FakeLedger):
    """The orders that messages are about."""

    def personal(self, order_id: str) -> PersonalData | None:
        return self.people.get(order_id)

    def customer(self, order_id: str = "ord_a", **data: Any) -> None:
        """Whose order it is."""
        self.people[order_id] = PersonalData(OrderId(order_id), "7", data)


@dataclass
class FakeLater:
    """What waits, and until when."""

    waiting: list[tuple[Notice, datetime]] = field(default_factory=list)

    def wait(self, notice: Notice, until: datetime) -> None:
        self.waiting.append((notice, until))


def post(orders: FakeOrders, at: datetime = NOW) -> tuple[Post, FakeMessages, FakeMailer]:
    """A stage with nothing sent yet, at a moment that stands still."""
    messages, mailer, later = FakeMessages(), FakeMailer(), FakeLater()
    made = Post(orders, orders, messages, mailer, frozen(at), lambda order: LINK + order, later)
    return made, messages, mailer
