"""Where a customer's goods go, for routing; contact and address in words, which stand apart."""

from __future__ import annotations

from collections.abc import Mapping

from dom.model.geo import Destination


def destination(
    country_code: str, postal_code: str, province_code: str, city: str
) -> Destination | None:
    """What routing may know of an address; None without its country. No channel but Shopify says
    where on the map it is.
    """
    if not country_code:
        return None
    return Destination(country_code.upper(), postal_code, province_code, city)


def personal(
    group: str, contact: Mapping[str, str], address: Mapping[str, str]
) -> dict[str, object]:
    """What is known; what is blank is left out, and all of it where nothing is.

    `contact`: name, first_name, email, phone. `address`: name, company, address1, address2, city,
    postal_code, province_code, country_code, phone of the ship group.
    """
    known: dict[str, object] = {key: value for key, value in contact.items() if value}
    words = {key: value for key, value in address.items() if value}
    return {**known, "addresses": {group: words}} if words else known
