"""ConfirmQueue (shipments from the bus) to the sales channels."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.aws.accounts import Accounts
from dom.aws.clients import client
from dom.aws.queues import each
from dom.aws.shipments import ChannelShipments
from dom.aws.turns import DynamoTurns
from dom.aws.wiring import floor
from dom.fulfillment.confirm import confirm_shipment
from dom.fulfillment.ports import Confirming
from dom.observability import count, logger, metrics
from dom.settings import from_environment


@cache
def _ports() -> Confirming:
    settings = from_environment()
    accounts = Accounts(client("secretsmanager"), settings.secrets_prefix)
    turns = DynamoTurns(client("dynamodb"), settings.inbox_table)
    return Confirming(floor(settings), ChannelShipments(accounts, count), turns)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Tell of each shipment; what the channel does not take comes again alone."""
    return each(event["Records"], _tell, lambda error: logger.exception("not told"))


def _tell(body: dict[str, Any]) -> None:
    if confirm_shipment(body["detail"]["fulfillment_order_id"], _ports()):
        count("ShipmentsConfirmed")
