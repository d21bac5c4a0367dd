"""Shopify's 64-bit ids, which JavaScript cannot hold."""

from __future__ import annotations

import re

_GID = re.compile(r"gid://shopify/\w+/(\d+)")
# Above it a JavaScript number rounds: ids in bodies that passed through one are not exact.
_SAFE = 2**53


def exact_id(number: str, gid: str) -> str:
    """The id as text: `number`, or the digits of the GraphQL id if `number` is their rounded form.

    A GraphQL id that is not the same number but for rounding is not believed.
    """
    match = _GID.fullmatch(gid)
    if not match or not number.isdigit() or int(number) <= _SAFE:
        return number
    same = float(match[1]) == float(number)
    return match[1] if same else number
