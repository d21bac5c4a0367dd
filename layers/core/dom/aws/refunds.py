"""`dom.returns.ports.Refunds`: the channel's sender, with the credentials of its account."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.channels.refunds import Credentials, refunder_of
from dom.errors import Busy, Rejected
from dom.model.order import Order
from dom.model.refund import Refund
from dom.model.rma import Return


@dataclass(frozen=True, slots=True)
class ChannelRefunds:
    """Credentials are fields of the secret `<prefix>/<channel>/<account>`, read for each refund."""

    client: Any
    prefix: str

    def pay(self, order: Order, record: Return, refund: Refund) -> str:
        """See the port. Nothing is sent where there is nothing to pay."""
        if refund.amount.amount == 0:
            return "nothing to pay"
        return refunder_of(order.channel)(order, record, refund, self._credentials(order))

    def _credentials(self, order: Order) -> Credentials:
        name = f"{self.prefix}/{order.channel}/{order.account}"
        try:
            answer = self.client.get_secret_value(SecretId=name)
            stored = json.loads(answer["SecretString"])
        except self.client.exceptions.ResourceNotFoundException:
            raise Rejected(f"no secret {name}: nothing says where to pay it back") from None
        except (BotoCoreError, ClientError, ValueError) as error:
            raise Busy(f"secret {name} could not be read: {type(error).__name__}") from error
        known = {f.name for f in fields(Credentials)}
        return Credentials(**{k: str(v) for k, v in stored.items() if k in known and v})
