"""SupplierQueue (events of the bus) to suppliers: what they are to ship, and no more to ship."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.aws.queues import each
from dom.aws.supplier_wiring import informing
from dom.fulfillment.dropship.ports import Informing
from dom.fulfillment.dropship.tell import tell_supplier
from dom.observability import count, logger, metrics
from dom.settings import from_environment


@cache
def _ports() -> Informing:
    return informing(from_environment())


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Tell of each; what a supplier does not take comes again alone."""
    return each(event["Records"], _tell, lambda error: logger.exception("not told"))


def _tell(body: dict[str, Any]) -> None:
    count("SuppliersInformed", tell_supplier(body["detail"]["fulfillment_order_id"], _ports()))
