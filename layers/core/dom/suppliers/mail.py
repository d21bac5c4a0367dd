"""Messages to suppliers by mail: what people read, and the same as a CSV file.

A mail cannot be taken back or recognized by who gets it: where nobody knows whether it went out it
goes again, under the same number, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from dom.carriers.port import Party
from dom.model.clock import to_text
from dom.model.supplier import Supplier
from dom.suppliers.port import Outside, SupplierMessage
from dom.suppliers.render import as_csv

# What servers on the way may not pass on as it is, is encoded.
_ASCII = SMTP.clone(cte_type="7bit")
_SUBJECTS = {
    "order": "Purchase order {}",
    "cancel": "Cancellation of purchase order {}",
    "cancel_request": "Please stop purchase order {}",
}
_ASKED = {
    "order": "Please ship:",
    "cancel": "Please do not ship any more:",
    "cancel_request": "Please stop these, if they have not left, and say whether you could:",
}


@dataclass(frozen=True, slots=True)
class Mail:
    """See `SupplierPort`."""

    supplier: Supplier
    outside: Outside

    def send(self, message: SupplierMessage) -> None:
        """See the port."""
        mail = EmailMessage(policy=_ASCII)
        mail["To"] = self.supplier.address
        mail["Subject"] = _SUBJECTS[message.kind].format(message.number)
        mail.set_content("\n".join(_text(message)))
        name = f"{message.id}.csv"
        mail.add_attachment(as_csv(message), subtype="csv", filename=name)
        self.outside.post(mail)


def _text(message: SupplierMessage) -> Iterator[str]:
    yield _ASKED[message.kind]
    yield ""
    for line in message.lines:
        yield f"{line.quantity:>6} × {line.sku}  {line.title}"
    yield ""
    if message.ship_to:
        yield "to:"
        yield from _address(message.ship_to)
        yield ""
    yield f"Delivery: {message.method}"
    if message.deliver_by:
        yield f"To be delivered by {to_text(message.deliver_by)}"
    if message.acknowledge_by:
        yield f"Please acknowledge it by {to_text(message.acknowledge_by)}"
    yield f"Number: {message.number} (the same number is the same order, if this comes twice)"


def _address(to: Party) -> Iterator[str]:
    town = " ".join(filter(None, (to.postal_code, to.city, to.province)))
    lines = (to.name, to.company, to.street1, to.street2, town, to.country, to.phone)
    yield from (f"  {line}" for line in lines if line)
