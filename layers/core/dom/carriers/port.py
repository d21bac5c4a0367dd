"""Who carries parcels: what a carrier's adapter implements, whichever way the parcel goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from dom.model.location import Location
from dom.model.money import Money


@dataclass(frozen=True, slots=True)
class Party:
    """Who sends or gets a parcel, as a label needs it. Personal data: never logged."""

    name: str = ""
    company: str = ""
    street1: str = ""
    street2: str = ""
    city: str = ""
    province: str = ""
    postal_code: str = ""
    country: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Consignment:
    """One parcel. `reference` is ours and never used for another parcel; `grams` at least 1.

    `is_return`: the customer is the sender, and the carrier bills it as a return. `metres` it has
    to go; None: nobody knows.
    """

    reference: str
    sender: Party
    recipient: Party
    grams: int
    is_return: bool = False
    metres: int | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """Which rates may be bought: those of these services (`USPS` or `USPS.GroundAdvantage`; none
    named: all), up to `most` minor units of `currency` (None: whatever it costs, also in another).
    """

    currency: str
    services: frozenset[str] = frozenset()
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Purchase:
    """A label that was bought. `document_url` is where the carrier keeps it."""

    carrier: str
    service: str
    tracking_number: str
    price: Money
    document_url: str


@dataclass(frozen=True, slots=True)
class Document:
    """A label as it is printed."""

    body: bytes
    content_type: str


class CarrierPort(Protocol):
    """Sells labels."""

    def buy(self, parcel: Consignment, terms: Terms) -> Purchase:
        """Buy the cheapest label that the terms allow, once however often it is asked.

        Rejected: no such rate, or the carrier does not take this parcel: a person must look. Busy:
        not now, or nobody knows whether it was bought: ask again.
        """

    def document(self, parcel: Consignment, purchase: Purchase) -> Document:
        """The label of the parcel itself. Busy: not now."""


def party_of_location(place: Location) -> Party:
    """A location as a party."""
    return Party(
        company=place.name,
        street1=place.address1,
        street2=place.address2,
        city=place.city,
        province=place.province_code,
        postal_code=place.postal_code,
        country=place.country_code,
    )


def party_of_person(data: Mapping[str, object], address: Mapping[str, object]) -> Party:
    """A person by their contact (`data`) and one of their addresses, as orders keep them."""

    def told(name: str) -> str:
        return str(address.get(name) or data.get(name) or "")

    return Party(
        name=told("name"),
        company=told("company"),
        street1=told("address1"),
        street2=told("address2"),
        city=told("city"),
        province=told("province_code") or told("province"),
        postal_code=told("postal_code"),
        country=told("country_code"),
        phone=told("phone"),
        email=told("email"),
    )
