"""Numbers of work as X12 has room for them: the depositor's order number has 22 characters."""

from __future__ import annotations

import re
from string import ascii_uppercase, digits

LONGEST = 22
_DIGITS = digits + ascii_uppercase
_OURS = re.compile(r"ord_([a-z2-7]{20})-([0-9]{1,6})")
_SHORT = re.compile(r"([A-Z2-7]{20})([0-9A-Z]{1,2})")


def depositor_number(work_id: str) -> str:
    """A FulfillmentOrder's id in 22 capital letters and digits; as it is, where that cannot be."""
    found = _OURS.fullmatch(work_id)
    short = f"{found[1].upper()}{_base36(int(found[2]))}" if found else ""
    return short if short and len(short) <= LONGEST else work_id


def work_number(text: str) -> str:
    """The id that such a number stands for; any other text as it is."""
    found = _SHORT.fullmatch(text.upper())
    return f"ord_{found[1].lower()}-{int(found[2], 36)}" if found else text


def _base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"
