"""Addresses and people of an Amazon order."""

from __future__ import annotations

from dom.channels.amazon_models import Address, Order
from dom.channels.people import destination, personal
from dom.model.geo import Destination


def place(order: Order) -> Destination | None:
    """See `dom.channels.people.destination`; None without an address."""
    to = _address(order)
    return destination(to.country_code, to.postal_code, to.state_or_region, to.city)


def people(order: Order, group: str) -> dict[str, object]:
    """See `dom.channels.people`. No mail address: Amazon writes to its buyers, and forbids others
    to.
    """
    to, buyer = _address(order), order.buyer
    contact = {
        "name": (buyer.buyer_name if buyer else "") or to.name,
        "phone": to.phone,
    }
    words = {
        "name": to.name,
        "company": to.company_name,
        "address1": to.address_line1,
        "address2": " ".join(filter(None, (to.address_line2, to.address_line3))),
        "city": to.city,
        "postal_code": to.postal_code,
        "province_code": to.state_or_region,
        "country_code": to.country_code.upper(),
        "phone": to.phone,
    }
    return personal(group, contact, words)


def _address(order: Order) -> Address:
    found = order.recipient.delivery_address if order.recipient else None
    return found or Address()
