"""Units cancelled here, told to Walmart, which then does not charge for them.

https://developer.walmart.com/us-marketplace/docs/cancel-orders. What is cancelled there already,
whoever did it, is read from the order itself.
"""

from __future__ import annotations

from dom.channels.cancellations import Told
from dom.channels.credentials import Credentials
from dom.channels.walmart_api import Json, ask
from dom.channels.walmart_feed import WalmartFeed, order_path
from dom.channels.walmart_shipments import UNIT
from dom.model.order import Bucket, Order

BY_CUSTOMER = "CUSTOMER_REQUESTED_SELLER_TO_CANCEL"
BY_US = "SELLER_CANCEL_OUT_OF_STOCK"


def tell(order: Order, credentials: Credentials) -> Told:
    """See `CancellationTeller`."""
    body = WalmartFeed(order.account, credentials).fetch(order.external_id)
    lines, units = _missing(order, body)
    if not lines:
        return Told({})
    told = {"orderCancellation": {"orderLines": {"orderLine": lines}}}
    ask(order.account, credentials, "POST", f"{order_path(order.external_id)}/cancel", told)
    return Told(units, order.external_id)


def _missing(order: Order, body: bytes) -> tuple[list[Json], dict[str, int]]:
    """Lines as Walmart wants them, and units by line, that are cancelled here and open there."""
    # Here, since pydantic is loaded only where something is cancelled.
    from dom.channels.payload import read
    from dom.channels.walmart_models import Read
    from dom.channels.walmart_orders import CANCELLED, GONE, units_with

    found = read(Read, body).order
    there = {line.line_number: line for line in found.order_lines.order_line}
    lines, units = list[Json](), dict[str, int]()
    for line in order.lines:
        known = there.get(line.line_id)
        if known is None:
            continue
        off = units_with(known, frozenset({CANCELLED}))
        left = known.order_line_quantity.amount - off - units_with(known, GONE)
        missing = min(line.units(Bucket.CANCELLED) - off, left)
        if missing > 0:
            units[line.line_id] = missing
            lines.append(_line(line.line_id, missing, wished=bool(known.intent_to_cancel)))
    return lines, units


def _line(line: str, units: int, *, wished: bool) -> Json:
    status = {
        "status": "Cancelled",
        "cancellationReason": BY_CUSTOMER if wished else BY_US,
        "statusQuantity": {"unitOfMeasurement": UNIT, "amount": str(units)},
    }
    return {"lineNumber": line, "orderLineStatuses": {"orderLineStatus": [status]}}
