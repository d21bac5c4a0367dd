"""Money as integer minor units with its currency (ISO 4217 exponents)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

# ISO 4217 currencies whose minor unit is not 1/100.
_EXPONENT = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"), 0),
    **dict.fromkeys(("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents, yen, fils) of an ISO 4217 currency."""

    amount: int
    currency: str

    def __add__(self, other: Money) -> Money:
        """Sum of two amounts of one currency; ValueError for two currencies."""
        if self.currency != other.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount + other.amount, self.currency)

    def __mul__(self, quantity: int) -> Money:
        """The amount `quantity` times."""
        return Money(self.amount * quantity, self.currency)


def minor_unit_exponent(currency: str) -> int:
    """Number of decimals of the currency's minor unit: 2 unless ISO 4217 says 0 or 3."""
    return _EXPONENT.get(currency, 2)


def decimal_text(minor: int, currency: str) -> str:
    """Minor units as channels and people write amounts: `12.30`, `1230` yen, `1.230` dinars."""
    exponent = minor_unit_exponent(currency)
    return f"{Decimal(minor).scaleb(-exponent):.{exponent}f}"


def parse_money(value: object, currency: str) -> Money:
    """Money from a decimal string or number in major units, as channels send it.

    Goes through `Decimal(str(value))`, never binary floating point. More decimals than the
    currency has are rounded half up. ValueError when it is not a finite number.
    """
    try:
        major = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueError(f"{value!r} is not an amount") from None
    if not major.is_finite():
        raise ValueError(f"{value!r} is not a finite amount")
    minor = major.scaleb(minor_unit_exponent(currency))
    return Money(int(minor.quantize(Decimal(1), rounding=ROUND_HALF_UP)), currency)


def split_amount(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` minor units in proportion to `weights` so that the parts sum exactly.

    Largest remainder; ties go to the earlier part. Without positive weights the parts are equal.
    """
    if not weights:
        return []
    sign, magnitude = (-1 if total < 0 else 1), abs(total)
    if sum(weights) <= 0:
        weights = [1] * len(weights)
    whole = sum(weights)
    parts = [magnitude * weight // whole for weight in weights]
    remainders = [magnitude * weight % whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: -remainders[i])
    for i in order[: magnitude - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]
