"""Contact and address of a customer in words, as every channel keeps them: apart from the order."""

from __future__ import annotations

from collections.abc import Mapping


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
