"""What is asked for: the request, and whether the order bears it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dom.errors import InvalidInput
from dom.model.ids import LocationId, OrderId, Sku
from dom.model.order import Order
from dom.model.product import Product
from dom.model.return_terms import ReturnMethod, ReturnOutcome, ReturnReason
from dom.model.rma import ExchangeLine, Return, ReturnLine

# One inspection writes a return whole: two items for each position, one for each new one, a count.
MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class WantedLine:
    """Units of an order line that the customer wants to send back."""

    line_id: str
    quantity: int
    reason: ReturnReason
    note: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    """A person's word against the policy, with the reason that they give."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """The request. A repeated `request_id` answers with the return that it made.

    `location_id`: the store that it is brought to. `external_id`: the channel's id of the return.
    """

    order_id: OrderId
    lines: tuple[WantedLine, ...]
    method: ReturnMethod
    outcome: ReturnOutcome
    exchange_lines: tuple[ExchangeLine, ...] = ()
    location_id: LocationId | None = None
    override: Override | None = None
    request_id: str = ""
    external_id: str = ""


def check_exchange(wanted: Wanted, products: Mapping[Sku, Product]) -> None:
    """InvalidInput where the outcome and what is wanted instead do not fit each other, or a kit is
    wanted: it is named as what is in it.
    """
    for n, line in enumerate(wanted.exchange_lines):
        if (known := products.get(line.sku)) and known.is_kit:
            raise InvalidInput(f"exchange_lines.{n}.sku", "it is a kit: name its components")
    exchange = wanted.outcome is ReturnOutcome.EXCHANGE
    if exchange and not wanted.exchange_lines:
        raise InvalidInput("exchange_lines", "an exchange needs what is wanted instead")
    if wanted.exchange_lines and not exchange:
        raise InvalidInput("exchange_lines", f"the outcome is {wanted.outcome.value}")


def checked_lines(wanted: Sequence[WantedLine], order: Order) -> tuple[ReturnLine, ...]:
    """The lines of the request; InvalidInput names the first that the order does not bear out."""
    parted = [part for i, line in enumerate(wanted) for part in _parted(i, line, order)]
    if not 0 < len(parted) <= MOST_LINES:
        raise InvalidInput("lines", f"there must be 1 to {MOST_LINES} lines in a return")
    bought, seen = {line.line_id: line for line in order.lines}, set()
    for i, line in parted:
        if line.line_id not in bought:
            raise InvalidInput(f"lines.{i}.line_id", "the order has no such line")
        if line.line_id in seen:
            raise InvalidInput(f"lines.{i}.line_id", "the line stands there twice")
        seen.add(line.line_id)
        can = bought[line.line_id].returnable
        if not 0 < line.quantity <= can:
            raise InvalidInput(f"lines.{i}.quantity", f"{can} of this line can be returned")
    return tuple(
        ReturnLine(x.line_id, x.quantity, x.reason, bought[x.line_id].sku, x.note, x.photos)
        for _, x in parted
    )


def _parted(number: int, line: WantedLine, order: Order) -> list[tuple[int, WantedLine]]:
    """A kit that comes back is what is in it."""
    kit = next((one for one in order.kits if one.line_id == line.line_id), None)
    if kit is None:
        return [(number, line)]
    can = kit.whole({one.line_id: one.returnable for one in order.lines})
    if not 0 < line.quantity <= can:
        raise InvalidInput(f"lines.{number}.quantity", f"{can} of this kit can be returned whole")
    units = kit.of(line.quantity).items()
    return [(number, replace(line, line_id=name, quantity=n)) for name, n in units]


def claimed(order: Order, record: Return) -> Order:
    """The order with the return's units claimed, so that no other return takes them."""
    lines = [order.line(x.line_id) for x in record.lines]
    claims = zip(lines, record.lines, strict=True)
    return order.with_lines(a.with_back(returning=a.back.returning + b.quantity) for a, b in claims)
