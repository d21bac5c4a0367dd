"""Words of returns: states, ways, reasons, what an inspection finds and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ReturnStatus(StrEnum):
    """States of a return."""

    REQUESTED = "requested"
    APPROVED = "approved"
    DECLINED = "declined"
    LABELLED = "labelled"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    INSPECTED = "inspected"
    DISPOSED = "disposed"
    REFUNDED = "refunded"
    EXCHANGED = "exchanged"
    CLOSED = "closed"
    CANCELLED = "cancelled"


S = ReturnStatus

_MOVES = frozenset({S.IN_TRANSIT, S.RECEIVED, S.CANCELLED})

# Every legal edge; anything else is refused and changes nothing. A parcel may come back in parts,
# so what is inspected can be received again, and late, so what is over can be, too; what was paid
# on its way may never come; APPROVED pays at once where the customer keeps it.
EDGES: Mapping[ReturnStatus, frozenset[ReturnStatus]] = {
    S.REQUESTED: frozenset({S.APPROVED, S.DECLINED, S.CANCELLED}),
    S.DECLINED: frozenset({S.APPROVED}),
    S.APPROVED: frozenset({S.LABELLED, S.REFUNDED, S.EXCHANGED, *_MOVES}),
    S.LABELLED: _MOVES,
    S.IN_TRANSIT: (_MOVES - {S.IN_TRANSIT}) | {S.DISPOSED},
    S.RECEIVED: frozenset({S.RECEIVED, S.INSPECTED, S.DISPOSED}),
    S.INSPECTED: frozenset({S.RECEIVED, S.INSPECTED, S.DISPOSED}),
    S.DISPOSED: frozenset({S.REFUNDED, S.EXCHANGED, S.CLOSED, S.RECEIVED}),
    S.REFUNDED: frozenset({S.CLOSED}),
    S.EXCHANGED: frozenset({S.CLOSED}),
    S.CLOSED: frozenset({S.RECEIVED}),
    S.CANCELLED: frozenset({S.RECEIVED}),
}

# Units of it are claimed on the order's lines, and somebody waits for something.
OPEN = frozenset(
    {S.REQUESTED, S.APPROVED, S.LABELLED, S.IN_TRANSIT, S.RECEIVED, S.INSPECTED, S.DISPOSED}
)

# Nothing more is waited for; what comes all the same comes late.
OVER = frozenset({S.DISPOSED, S.CLOSED, S.CANCELLED})

# On its way to the location, or expected there.
EXPECTED = frozenset({S.APPROVED, S.LABELLED, S.IN_TRANSIT})


class ReturnMethod(StrEnum):
    """How the goods come back: by parcel, handed over in a store, or fetched at the customer's."""

    MAIL = "mail"
    STORE = "store"
    PICKUP = "pickup"


# The channel of orders of what customers get instead of what comes back.
EXCHANGES = "exchange"


class ReturnOutcome(StrEnum):
    """What the customer gets for it."""

    REFUND = "refund"
    EXCHANGE = "exchange"
    STORE_CREDIT = "store_credit"


class ReturnReason(StrEnum):
    """Why it comes back (Shopify's return reasons)."""

    COLOR = "color"
    DEFECTIVE = "defective"
    NOT_AS_DESCRIBED = "not_as_described"
    OTHER = "other"
    SIZE_TOO_LARGE = "size_too_large"
    SIZE_TOO_SMALL = "size_too_small"
    STYLE = "style"
    UNKNOWN = "unknown"
    UNWANTED = "unwanted"
    WRONG_ITEM = "wrong_item"


# The seller's fault: what delivery cost is paid back, and no fee is kept.
OUR_FAULT = frozenset(
    {ReturnReason.DEFECTIVE, ReturnReason.NOT_AS_DESCRIBED, ReturnReason.WRONG_ITEM}
)


class Condition(StrEnum):
    """What an inspection finds."""

    NEW = "new"
    GOOD = "good"
    FAIR = "fair"
    DAMAGED = "damaged"


class Disposition(StrEnum):
    """What becomes of a unit. RESTOCK alone makes it sellable as new."""

    RESTOCK = "restock"
    REFURBISH = "refurbish"
    LIQUIDATE = "liquidate"
    RETURN_TO_VENDOR = "return_to_vendor"
    DISPOSE = "dispose"
    MISSING = "missing"


# These stay in the building, each in a stock of its own that no channel sells from.
HELD = frozenset({Disposition.REFURBISH, Disposition.LIQUIDATE, Disposition.RETURN_TO_VENDOR})

KEEP_IT = "keep_it"

LOCATION = "location"

NOBODY = "none"


class Since(StrEnum):
    """Where a return window starts: a unit that was delivered counts from there if that is known,
    else from the order."""

    DELIVERY = "delivery"
    ORDER = "order"


class ShipsOn(StrEnum):
    """When what is exchanged leaves, or a refund is paid: at the carrier's first scan, when the
    goods are received, or when they are inspected."""

    SCAN = "scan"
    RECEIPT = "receipt"
    INSPECTION = "inspection"
