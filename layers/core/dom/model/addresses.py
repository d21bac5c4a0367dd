"""Addresses in words, as the personal data of an order hold them by ship group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dom.model.geo import Destination

# Where each group is sent, and what the channel had said where a person changed it.
ADDRESSES = "addresses"
REPLACED = "replaced_addresses"


@dataclass(frozen=True, slots=True)
class Address:
    """Where to, as routing knows it, and in words, which only labels and messages see.

    `ship_group_id` None: the only one that is sent to an address.
    """

    destination: Destination
    words: Mapping[str, object]
    ship_group_id: str | None = None


def by_group(data: Mapping[str, object], name: str) -> dict[str, object]:
    """The addresses of that name, by ship group; none if there are none."""
    found = data.get(name)
    return dict(found) if isinstance(found, Mapping) else {}
