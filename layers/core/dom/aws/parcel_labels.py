"""`dom.fulfillment.ports.Labels`: a carrier's label, or our own page at the rate card's price."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dom.aws.label_files import LabelFiles
from dom.aws.recipients import Recipients
from dom.carriers.own import OwnLabels
from dom.carriers.port import CarrierPort, Consignment, Terms
from dom.model.fulfillment import FulfillmentOrder, Parcel
from dom.model.order import Order
from dom.model.rate_card import RateCard


@dataclass(frozen=True, slots=True)
class ParcelLabels:
    """From the location that packed it to the customer, or to the store where it is collected."""

    files: LabelFiles
    recipients: Recipients
    card: Callable[[], RateCard]
    carrier: Callable[[], CarrierPort | None] = lambda: None

    def label(self, work: FulfillmentOrder, order: Order, number: int, grams: int) -> Parcel:
        """See the port: its reference is what all work in it calls it, else this work's id and the
        parcel's number.
        """
        shared = [parcel.shared for parcel in work.parcels[number - 1 : number]]
        sent = Consignment(
            reference=next(filter(None, shared), f"{work.id}-p{number}"),
            sender=self.recipients.place(work.location_id),
            recipient=self.recipients.of(work),
            grams=grams,
            metres=round(work.distance_km * 1000) if work.distance_km is not None else None,
        )
        carrier = self.carrier() or OwnLabels(self.card())
        bought = carrier.buy(sent, Terms(order.currency))
        return Parcel(
            tracking_number=bought.tracking_number,
            carrier=bought.carrier,
            weight_grams=grams,
            label=self.files.keep(sent.reference, carrier.document(sent, bought)),
            label_cost=bought.price,
        )
