"""Orders of a channel that sends them whole under one topic: as told, and as intake stores them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from dom.channels import channel
from dom.intake.hold import Policy
from dom.intake.merge import merge
from dom.model.facts import Facts, OrderSnapshot
from dom.model.order import Order
from support.builders import NOW
from support.code import ROOT

Json = dict[str, Any]


@dataclass(frozen=True)
class ChannelOrders:
    """The orders of one account."""

    channel: str
    account: str
    topic: str = "order"

    def sample(self, name: str = "order") -> Json:
        """The body events/<channel>/<name>.json."""
        path = ROOT / "events" / self.channel / f"{name}.json"
        loaded: Json = json.loads(path.read_text(encoding="utf-8"))
        return loaded

    def parsed(self, document: object) -> Facts | None:
        """What the channel tells of a body."""
        told = channel(self.channel).parse(self.topic, self.account, json.dumps(document).encode())
        assert told is None or isinstance(told, Facts)
        return told

    def snapshot(self, document: object) -> OrderSnapshot:
        """What it tells of the order."""
        told = self.parsed(document)
        assert told and told.snapshot
        return told.snapshot

    def order(self, *documents: object) -> Order:
        """What intake makes of these, one after the other."""
        made: Order | None = None
        for document in documents:
            told = self.parsed(document)
            assert told
            merged = merge(made, told, NOW, Policy())
            made = merged.order if merged else made
        assert made
        return made
