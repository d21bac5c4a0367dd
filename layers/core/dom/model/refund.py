"""What a return pays: one payment, and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dom.model.money import Money
from dom.model.return_terms import Disposition


class RefundStatus(StrEnum):
    """PENDING is owed, SENT was taken by the channel, FAILED refused by it: a person must look."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RefundLine:
    """What is paid for units of a line, in minor units: `goods` (discount share deducted), its tax,
    less the `fee` kept. `amount = goods + tax - fee`; where prices include tax, `tax` is 0 and
    `included_tax` says how much of `goods` it is. `disposition` is what the channel is told of the
    stock.
    """

    line_id: str
    quantity: int
    goods: int
    tax: int = 0
    included_tax: int = 0
    fee: int = 0
    disposition: Disposition | None = None

    @property
    def amount(self) -> int:
        """Minor units that the customer gets for the line."""
        return self.goods + self.tax - self.fee


@dataclass(frozen=True, slots=True)
class Refund:
    """One payment of a return. `number` counts from 1; with the return's id it is the idempotency
    key at the channel. `shipping` (its tax included) is paid back, `label_fee` kept: minor units.
    `amount` is what the customer gets in all: lines and shipping less the label's fee, less what
    was `exchanged` for other goods and `paid_otherwise` (the channel had paid it back by itself).
    `reference` is the channel's id.
    """

    number: int
    at: datetime
    amount: Money
    lines: tuple[RefundLine, ...] = ()
    shipping: int = 0
    label_fee: int = 0
    exchanged: int = 0
    paid_otherwise: int = 0
    store_credit: bool = False
    status: RefundStatus = RefundStatus.PENDING
    reference: str = ""
    detail: str = ""
