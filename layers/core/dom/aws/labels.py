"""`dom.returns.ports.Labels`: labels in S3, and links to them that expire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.carriers.port import (
    CarrierPort,
    Consignment,
    Document,
    Terms,
    party_of_location,
    party_of_person,
)
from dom.carriers.slip import render
from dom.errors import Busy, Rejected
from dom.model.addresses import ADDRESSES, by_group
from dom.model.return_policy import ReturnPolicy
from dom.model.return_terms import ReturnMethod
from dom.model.rma import Label, Return
from dom.returns.ports import Homeward

PREFIX = "labels/"
# Long enough to print it; GET /returns/{id} makes another.
SECONDS = 3600
_SUFFIXES = {"image/png": "png", "application/pdf": "pdf"}
# Where nobody knows what goods weigh; carriers correct it, and bill the difference.
UNKNOWN_GRAMS = 500


@dataclass(frozen=True, slots=True)
class CarrierLabels:
    """A carrier's label for what is sent by parcel, where there is a carrier; else our own slip."""

    s3: Any
    bucket: str
    carrier: Callable[[], CarrierPort | None] = lambda: None

    def label(self, record: Return, parcel: Homeward, policy: ReturnPolicy) -> Label:
        """See the port. The same return gets the same page or label under the same key."""
        carrier = self.carrier() if record.method is ReturnMethod.MAIL else None
        if carrier is None:
            page = render(record, parcel.to).encode()
            return Label(label_url=self._kept(record, page, "text/html; charset=utf-8", "html"))
        terms = Terms(parcel.currency, policy.label_services, policy.label_most)
        bought = carrier.buy(_consignment(record, parcel), terms)
        document = carrier.document(bought)
        return Label(
            carrier=bought.carrier,
            tracking_number=bought.tracking_number,
            label_url=self._kept_document(record, document),
            service=bought.service,
            cost=bought.price,
        )

    def _kept_document(self, record: Return, document: Document) -> str:
        suffix = _SUFFIXES.get(document.content_type, "bin")
        return self._kept(record, document.body, document.content_type, suffix)

    def _kept(self, record: Return, body: bytes, content_type: str, suffix: str) -> str:
        key = f"{PREFIX}{record.id}.{suffix}"
        try:
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=content_type)
        except (BotoCoreError, ClientError) as error:
            raise Busy(f"the label was not stored: {type(error).__name__}") from error
        return key


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
    """Where the customer gets the label: by a link of an hour to ours, or as it was told."""
    stored = record.label.label_url if record.label else ""
    if not stored.startswith(PREFIX):
        return stored or None
    params = {"Bucket": bucket, "Key": stored}
    url: str = s3.generate_presigned_url("get_object", Params=params, ExpiresIn=SECONDS)
    return url
