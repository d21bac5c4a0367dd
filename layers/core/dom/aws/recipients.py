"""Who gets what a location sends: a customer at their address, or a store of ours."""

from __future__ import annotations

from dataclasses import dataclass

from dom.aws.network_store import NetworkStore
from dom.aws.order_store import OrderStore
from dom.carriers.port import Party, party_of_location, party_of_person
from dom.errors import NotFound, Rejected
from dom.model.addresses import ADDRESSES, by_group
from dom.model.fulfillment import FulfillmentOrder


@dataclass(frozen=True, slots=True)
class Recipients:
    """Reads personal data: for those who send only."""

    orders: OrderStore
    places: NetworkStore

    def of(self, work: FulfillmentOrder) -> Party:
        """Where the work goes. Rejected: nobody knows, or no longer. NotFound: no such store."""
        if work.to_location:
            return self.place(work.to_location)
        person = self.orders.personal(work.order_id)
        data = person.data if person else {}
        address = by_group(data, ADDRESSES).get(work.ship_group_id)
        if not isinstance(address, dict):
            raise Rejected("nobody knows the address that it is sent to")
        return party_of_person(data, address)

    def place(self, location_id: str) -> Party:
        """A location. NotFound: there is none of that id."""
        place = self.places.location(location_id)
        if place is None:
            raise NotFound("location", location_id)
        return party_of_location(place)
