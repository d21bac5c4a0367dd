"""A look that leaves something over is followed by one more, and never by two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from dom.errors import Busy
from dom.fulfillment import look_along as looking
from dom.fulfillment.look_along import SOON, look
from dom.model.ids import Sku
from support.builders import NOW
from support.fakes import frozen

MUG = Sku("MUG")


@dataclass
class Desk:
    """Marks and messages, in memory."""

    asked: set[Sku] = field(default_factory=set)
    sent: list[Any] = field(default_factory=list)
    refuses: bool = False

    def to_look(self, skus: Iterable[str]) -> list[Sku]:
        return [sku for sku in map(Sku, skus) if sku not in self.asked]

    def note_look(self, sku: Sku, at: datetime) -> None:
        self.asked.add(sku)

    def begin_look(self, sku: Sku) -> None:
        self.asked.discard(sku)

    def send(self, message: Mapping[str, str], delay: timedelta) -> None:
        if self.refuses:
            raise Busy("no")
        self.sent.append((message, delay))


@pytest.fixture
def desk() -> Desk:
    return Desk({MUG})


def looked(
    monkeypatch: pytest.MonkeyPatch, desk: Desk, *, again: bool, moved: bool = False
) -> None:
    def look_along(sku: Sku, horizon: Any) -> bool:
        assert sku not in desk.asked  # whatever moves meanwhile asks for another one
        if moved:
            desk.note_look(sku, NOW)
        return again

    monkeypatch.setattr(looking, "look_along", look_along)
    look(MUG, None, desk, desk, frozen(NOW))  # type: ignore[arg-type]


def test_the_rest_of_a_long_line_is_for_another_look(
    monkeypatch: pytest.MonkeyPatch, desk: Desk
) -> None:
    looked(monkeypatch, desk, again=True)
    assert (desk.sent, desk.asked) == ([({"waits_for": MUG}, SOON)], {MUG})


def test_nobody_asks_where_nothing_is_left_or_somebody_is_asked(
    monkeypatch: pytest.MonkeyPatch, desk: Desk
) -> None:
    looked(monkeypatch, desk, again=False)
    assert (desk.sent, desk.asked) == ([], set())
    looked(monkeypatch, desk, again=True, moved=True)
    assert (desk.sent, desk.asked) == ([], {MUG})


def test_what_could_not_be_sent_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, desk: Desk
) -> None:
    desk.refuses = True
    with pytest.raises(Busy):
        looked(monkeypatch, desk, again=True)
    assert desk.asked == set()
