"""`dom.returns.ports.Refunds`: the channel's sender, with the credentials of its account."""

from __future__ import annotations

from dataclasses import dataclass

from dom.aws.accounts import Accounts
from dom.channels.refunds import refunder_of
from dom.model.as_sold import refund_of, sold
from dom.model.order import Order
from dom.model.refund import Refund
from dom.model.rma import Return


@dataclass(frozen=True, slots=True)
class ChannelRefunds:
    """Whoever the order's channel says."""

    accounts: Accounts

    def pay(self, order: Order, record: Return, refund: Refund) -> str:
        """See the port. Nothing is sent where there is nothing to pay."""
        if refund.amount.amount == 0:
            return "nothing to pay"
        pay = refunder_of(order.channel)
        with self.accounts.calling(order.channel, order.account) as credentials:
            return pay(sold(order), record, refund_of(refund, order), credentials)
