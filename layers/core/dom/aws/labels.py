"""`dom.returns.ports.Labels`: a carrier's label, or our own slip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dom.aws.label_files import LabelFiles
from dom.carriers.port import (
    CarrierPort,
    Consignment,
    Document,
    Terms,
    party_of_location,
    party_of_person,
)
from dom.carriers.slip import render
from dom.errors import Rejected
from dom.model.addresses import ADDRESSES, by_group
from dom.model.return_policy import ReturnPolicy
from dom.model.return_terms import ReturnMethod
from dom.model.rma import Label, Return
from dom.returns.ports import Homeward

# Where nobody knows what goods weigh; carriers correct it, and bill the difference.
UNKNOWN_GRAMS = 500


@dataclass(frozen=True, slots=True)
class CarrierLabels:
    """A carrier's label for what is sent by parcel, where there is a carrier; else our own slip."""

    files: LabelFiles
    carrier: Callable[[], CarrierPort | None] = lambda: None

    def label(self, record: Return, parcel: Homeward, policy: ReturnPolicy) -> Label:
        """See the port. The same return gets the same page or label under the same key."""
        carrier = self.carrier() if record.method is ReturnMethod.MAIL else None
        if carrier is None:
            page = Document(render(record, parcel.to).encode(), "text/html; charset=utf-8")
            return Label(label_url=self.files.keep(record.id, page))
        terms = Terms(parcel.currency, policy.label_services, policy.label_most)
        sent = _consignment(record, parcel)
        bought = carrier.buy(sent, terms)
        return Label(
            carrier=bought.carrier,
            tracking_number=bought.tracking_number,
            label_url=self.files.keep(record.id, carrier.document(sent, bought)),
            service=bought.service,
            cost=bought.price,
        )


def _consignment(record: Return, parcel: Homeward) -> Consignment:
    data = parcel.sender.data if parcel.sender else {}
    address = by_group(data, ADDRESSES).get(parcel.group)
    if not isinstance(address, dict):
        raise Rejected("nobody knows the address that it is sent from")
    tries = f"-{record.label_tries + 1}" if record.label_tries else ""
    return Consignment(
        reference=f"{record.id}{tries}",
        sender=party_of_person(data, address),
        recipient=party_of_location(parcel.to),
        grams=parcel.grams or UNKNOWN_GRAMS,
        is_return=True,
    )


def label_url(s3: Any, bucket: str, record: Return) -> str | None:
    """Where the customer gets the label of a return."""
    return LabelFiles(s3, bucket).link(record.label.label_url if record.label else "")
