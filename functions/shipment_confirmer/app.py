"""ConfirmQueue (events of the bus) to the sales channels: what was shipped, and what cancelled."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.aws.accounts import Accounts
from dom.aws.cancellations import ChannelCancellations
from dom.aws.clients import client
from dom.aws.outlet_store import OutletStore
from dom.aws.queues import each
from dom.aws.shipments import ChannelShipments
from dom.aws.turns import DynamoTurns
from dom.aws.wiring import floor, orders
from dom.fulfillment.confirm import confirm_shipment
from dom.fulfillment.ports import Cancelling, Confirming
from dom.fulfillment.tell_cancelled import tell_cancelled
from dom.model.order import Order
from dom.observability import count, logger, metrics
from dom.settings import from_environment


@cache
def _ports() -> tuple[Confirming, Cancelling]:
    settings, dynamodb = from_environment(), client("dynamodb")
    accounts = Accounts(client("secretsmanager"), settings.secrets_prefix)
    turns = DynamoTurns(dynamodb, settings.inbox_table)
    outlets = OutletStore(dynamodb, settings.network_table)
    cancellations = ChannelCancellations(accounts, outlets, _noted)
    shipments = ChannelShipments(accounts, count)
    return (
        Confirming(floor(settings), shipments, turns),
        Cancelling(orders(settings), cancellations, turns),
    )


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Tell of each; what the channel does not take comes again alone."""
    return each(event["Records"], _tell, lambda error: logger.exception("not told"))


def _tell(body: dict[str, Any]) -> None:
    confirming, cancelling = _ports()
    detail = body["detail"]
    if detail["type"] == "OrderCancelled":
        count("UnitsTakenOff", tell_cancelled(detail["order_id"], cancelling))
    elif confirm_shipment(detail["fulfillment_order_id"], confirming):
        count("ShipmentsConfirmed")


def _noted(order: Order, reference: str) -> None:
    logger.info("taken off", extra={"order_id": order.order_id, "reference": reference})
