"""Labels without a carrier's account: our own page, at the price of the rate card.

Who carries such a parcel has no numbers to track it by.
"""

from __future__ import annotations

from dataclasses import dataclass

from dom.carriers.port import Consignment, Document, Purchase, Terms
from dom.carriers.slip import page
from dom.errors import Rejected
from dom.model.money import Money
from dom.model.rate_card import RateCard

SERVICE = "rate card"


@dataclass(frozen=True, slots=True)
class OwnLabels:
    """A `CarrierPort` that asks nobody."""

    card: RateCard

    def buy(self, parcel: Consignment, terms: Terms) -> Purchase:
        """See the port. The price is the card's, for the parcel's weight and distance."""
        price = self.card.price(parcel.grams, self.card.zone(parcel.metres))
        if terms.most is not None and price > terms.most:
            raise Rejected(f"the rate card says {price}, and at most {terms.most} is allowed")
        return Purchase("", SERVICE, "", Money(price, terms.currency), "")

    def document(self, parcel: Consignment, purchase: Purchase) -> Document:
        """See the port."""
        told, small = "Print this page and fix it to the parcel.", f"{parcel.grams} g"
        html = page("Parcel", told, parcel.recipient, parcel.reference, small)
        return Document(html.encode(), "text/html; charset=utf-8")
