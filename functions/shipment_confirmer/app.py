"""ConfirmQueue (events of the bus) to the sales channels: what was shipped, what was cancelled, and
what of its money is due.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.aws.accounts import Accounts
from dom.aws.cancellations import ChannelCancellations
from dom.aws.clients import client
from dom.aws.outlet_store import OutletStore
from dom.aws.payments import ChannelPayments
from dom.aws.queues import each
from dom.aws.rests import DynamoRests
from dom.aws.shipments import ChannelShipments
from dom.aws.turns import DynamoTurns
from dom.aws.wiring import floor, orders
from dom.fulfillment.channel_ports import Cancelling, Charging, Confirming
from dom.fulfillment.charge import charge
from dom.fulfillment.confirm import confirm_shipment
from dom.fulfillment.tell_cancelled import tell_cancelled
from dom.model.order import Order
from dom.observability import count, logger, metrics
from dom.settings import from_environment


@cache
def _ports() -> tuple[Confirming, Cancelling, Charging]:
    settings, dynamodb = from_environment(), client("dynamodb")
    rests = DynamoRests(dynamodb, settings.inbox_table)
    accounts = Accounts(client("secretsmanager"), settings.secrets_prefix, rests)
    turns = DynamoTurns(dynamodb, settings.inbox_table)
    outlets = OutletStore(dynamodb, settings.network_table)
    cancellations = ChannelCancellations(accounts, outlets, _noted)
    shipments = ChannelShipments(accounts, count)
    confirming = Confirming(floor(settings), shipments, turns)
    store, ledger, clock = orders(settings), confirming.floor.ledger, confirming.floor.clock
    return (
        confirming,
        Cancelling(store, cancellations, turns),
        Charging(store, ChannelPayments(accounts, outlets), turns, ledger, clock),
    )


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Tell of each; what the channel does not take comes again alone."""
    return each(event["Records"], _tell, lambda error: logger.exception("not told"))


def _tell(body: dict[str, Any]) -> None:
    confirming, cancelling, charging = _ports()
    detail = body["detail"]
    if detail["type"] == "OrderCancelled":
        count("UnitsTakenOff", tell_cancelled(detail["order_id"], cancelling))
    elif detail["type"].startswith("Payment"):
        count("OrdersCharged", int(charge(detail["order_id"], charging)))
    elif confirm_shipment(detail["fulfillment_order_id"], confirming):
        count("ShipmentsConfirmed")


def _noted(order: Order, reference: str) -> None:
    logger.info("taken off", extra={"order_id": order.order_id, "reference": reference})
