"""Shopify's return topics, told as news: https://shopify.dev/docs/api/webhooks (returns/*)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import AliasChoices, Field

from dom.channels.payload import Digits, Many, Moment, Payload, Text, Units, read
from dom.channels.shopify_models import Identified
from dom.errors import InvalidInput
from dom.model.facts import ReturnedUnits, ReturnEvent, ReturnNews
from dom.model.ids import order_id_for

CHANNEL = "shopify"
SHORT = 500


class _Sent(Payload):
    """The line of a fulfillment that comes back."""

    line_item: Identified | None = None


class _Line(Payload):
    """Units that come back, and why."""

    quantity: Units
    return_reason: Text = ""
    note: Text = Field("", validation_alias=AliasChoices("return_reason_note", "customer_note"))
    fulfillment_line_item: _Sent | None = None
    line_item: Identified | None = None


class _Return(Identified):
    """A return. Its order is an object in some topics, an id in others; lines may be left out."""

    order: Identified | None = None
    order_id: Digits | None = None
    updated_at: Moment | None = None
    total_return_line_items: int = 0
    return_line_items: Many[_Line] = ()

    @property
    def of_order(self) -> str:
        """The exact id of its order; InvalidInput if it names none."""
        found = self.order.exact if self.order else self.order_id
        if not found:
            raise InvalidInput("order.id", "is missing")
        return found


def _requested(account: str, body: bytes) -> ReturnNews:
    told = read(_Return, body)
    lines = _lines(told)
    if not lines:
        # Shopify's own sample says that there are two and lists none: a person must look.
        many = told.total_return_line_items
        raise InvalidInput("return_line_items", f"it lists none of its {many} lines")
    return _news(told, account, ReturnEvent.REQUESTED, lines)


def _decided(event: ReturnEvent) -> Callable[[str, bytes], ReturnNews]:
    def parse(account: str, body: bytes) -> ReturnNews:
        told = read(_Return, body)
        return _news(told, account, event, _lines(told))

    return parse


PARSERS: Mapping[str, Callable[[str, bytes], ReturnNews]] = {
    "returns/request": _requested,
    "returns/approve": _decided(ReturnEvent.APPROVED),
    "returns/decline": _decided(ReturnEvent.DECLINED),
    "returns/cancel": _decided(ReturnEvent.CANCELLED),
}


def _news(
    told: _Return, account: str, event: ReturnEvent, lines: tuple[ReturnedUnits, ...]
) -> ReturnNews:
    order_id = order_id_for(CHANNEL, account, told.of_order)
    return ReturnNews(event, told.updated_at, order_id, told.exact, lines)


def _lines(told: _Return) -> tuple[ReturnedUnits, ...]:
    units: dict[str, ReturnedUnits] = {}
    for i, line in enumerate(told.return_line_items):
        sent = line.fulfillment_line_item
        item = (sent.line_item if sent else None) or line.line_item
        if item is None:
            path = f"return_line_items.{i}.fulfillment_line_item.line_item"
            raise InvalidInput(path, "is missing")
        before = units.get(item.exact)
        quantity = line.quantity + (before.quantity if before else 0)
        reason, note = line.return_reason.lower() or "unknown", line.note[:SHORT]
        units[item.exact] = ReturnedUnits(item.exact, quantity, reason, note)
    return tuple(units.values())
