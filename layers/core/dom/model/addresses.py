"""Addresses in words, by ship group, as the personal data of an order hold them."""

from __future__ import annotations

from collections.abc import Mapping

# Where each group is sent, and what the channel had said where a person changed it.
ADDRESSES = "addresses"
REPLACED = "replaced_addresses"


def by_group(data: Mapping[str, object], name: str) -> dict[str, object]:
    """The addresses of that name, by ship group; none if there are none."""
    found = data.get(name)
    return dict(found) if isinstance(found, Mapping) else {}
