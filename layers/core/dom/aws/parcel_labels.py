"""`dom.fulfillment.ports.Labels`: a carrier's label, or our own page at the rate card's price."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dom.aws.label_files import LabelFiles
from dom.aws.network_store import NetworkStore
from dom.aws.order_store import OrderStore
from dom.carriers.own import OwnLabels
from dom.carriers.port import (
    CarrierPort,
    Consignment,
    Party,
    Terms,
    party_of_location,
    party_of_person,
)
from dom.errors import NotFound, Rejected
from dom.model.addresses import ADDRESSES, by_group
from dom.model.fulfillment import FulfillmentOrder, Parcel
from dom.model.order import Order
from dom.model.rate_card import RateCard


@dataclass(frozen=True, slots=True)
class ParcelLabels:
    """From the location that packed it to the customer, or to the store where it is collected."""

    files: LabelFiles
    orders: OrderStore
    places: NetworkStore
    card: Callable[[], RateCard]
    carrier: Callable[[], CarrierPort | None] = lambda: None

    def label(self, work: FulfillmentOrder, order: Order, number: int, grams: int) -> Parcel:
        """See the port: the work's id and the parcel's number are its reference."""
        sent = Consignment(
            reference=f"{work.id}-p{number}",
            sender=self._place(work.location_id),
            recipient=self._recipient(work),
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

    def _recipient(self, work: FulfillmentOrder) -> Party:
        if work.to_location:
            return self._place(work.to_location)
        person = self.orders.personal(work.order_id)
        data = person.data if person else {}
        address = by_group(data, ADDRESSES).get(work.ship_group_id)
        if not isinstance(address, dict):
            raise Rejected("nobody knows the address that it is sent to")
        return party_of_person(data, address)

    def _place(self, location_id: str) -> Party:
        place = self.places.location(location_id)
        if place is None:
            raise NotFound("location", location_id)
        return party_of_location(place)
