"""Money that a customer's bank guarantees for an order, and that is taken as its goods leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# So long before a guarantee ends whoever takes the money is told.
NOTICE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Authorization:
    """What of an order's money was guaranteed when it was placed, and what became of that.

    All amounts are minor units of the order's currency: `amount` is guaranteed in all; `due` of it
    is to be captured by now, `captured` was, as far as we know; `void` is to be let go, `voided`
    was. `due + void <= amount` always, and `==` once nothing of the order is open. They only grow,
    but for what was due `early` and is cancelled before it is captured: that is let go; and for
    what is captured though it was to be let go.
    `fees` of it are for neither lines nor delivery (tips, duties): due with the first goods.
    `early`: all that is not cancelled is due, though nothing has left.
    `short` is what goods that left have earned beyond the guarantee. `settled`: the channel says
    that all of it is taken or let go, so nothing more is asked. `failed`: why the last attempt did
    not succeed; nothing is tried again before more is due or a person says so. `refusals`: so often
    the channel refused; what is asked after that is asked anew. `warned`: it was told that the
    guarantee ends at `expires_at` (None: nobody knows when).
    """

    amount: int
    expires_at: datetime | None = None
    fees: int = 0
    due: int = 0
    captured: int = 0
    void: int = 0
    voided: int = 0
    short: int = 0
    settled: bool = False
    early: bool = False
    failed: str = ""
    refusals: int = 0
    warned: bool = False

    @property
    def left(self) -> int:
        """What of it is neither due nor let go."""
        return 0 if self.settled else self.amount - self.due - self.void

    @property
    def warn_at(self) -> datetime | None:
        """When it must be told that it ends before it is needed; None: it need not, or was."""
        if self.expires_at is None or self.warned or not self.left:
            return None
        return self.expires_at - NOTICE

    @property
    def is_followed(self) -> bool:
        """Whether all that is due was captured, and all that is to be let go was."""
        return self.captured >= self.due and self.voided >= self.void


@dataclass(frozen=True, slots=True)
class Taken:
    """How an order's money stands at its channel, in minor units: what is captured of the order in
    all, and what of the guarantee is let go. `reference`: the channel's id of what was done now;
    `refused`: why it is less than is due.
    """

    captured: int
    voided: int
    reference: str = ""
    refused: str = ""
