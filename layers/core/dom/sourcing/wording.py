"""Numbers as people in operations read them."""

from __future__ import annotations

from dom.model.money import minor_unit_exponent


def amount(minor: int, currency: str) -> str:
    """`$2.10`, `2.10 EUR`, `210 JPY`."""
    exponent = minor_unit_exponent(currency)
    number = f"{minor / 10**exponent:,.{exponent}f}"
    return f"${number}" if currency == "USD" else f"{number} {currency}"


def distance(metres: int | None) -> str:
    """`12 km`, `0.8 km`, `distance unknown`."""
    if metres is None:
        return "distance unknown"
    return f"{metres / 1000:.1f} km" if metres < 9_950 else f"{metres / 1000:,.0f} km"


def items(some: int, all_: int) -> str:
    """`the item`, `both items`, `all 3 items`, `2 of 3 items`: items are order lines."""
    if some == all_:
        return {1: "the item", 2: "both items"}.get(all_, f"all {all_} items")
    return f"{some} of {all_} items"


def units(count: int) -> str:
    """`1 unit`, `3 units`."""
    return f"{count} unit" if count == 1 else f"{count} units"


def listed(names: list[str], separator: str = ", ", most: int = 3) -> str:
    """`A, B, C and 4 more`."""
    more = len(names) - most
    return separator.join(names[:most]) + (f" and {more} more" if more > 0 else "")


def signed(minor: int, currency: str) -> str:
    """`+$2.10`, `−$0.70`: a difference."""
    return ("−" if minor < 0 else "+") + amount(abs(minor), currency)
