"""Every ten minutes: orders that channels changed, against ours; what is missing is brought in."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from time import monotonic
from typing import Any

from dom.aws.accounts import Accounts
from dom.aws.clients import client
from dom.aws.inbound import InboundSender
from dom.aws.marks import DynamoMarks
from dom.aws.outlet_store import OutletStore
from dom.aws.wiring import orders
from dom.channels.feeds import feed_of
from dom.errors import DomError
from dom.intake.reconcile import Reconciling, reconcile_orders
from dom.model.clock import system_clock
from dom.model.outlet import Outlet
from dom.observability import count, logger, metrics
from dom.settings import from_environment

# Of the function's timeout: what a page may take is left.
SECONDS = 200.0


@cache
def _ports() -> tuple[OutletStore, Accounts, Reconciling]:
    found, dynamodb = from_environment(), client("dynamodb")
    sender = InboundSender(client("sqs"), client("s3"), found.inbound_queue_url, found.raw_bucket)
    marks = DynamoMarks(dynamodb, found.network_table)
    ports = Reconciling(orders(found), sender, marks, system_clock, count)
    outlets = OutletStore(dynamodb, found.network_table)
    return outlets, Accounts(client("secretsmanager"), found.secrets_prefix), ports


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Look at each account. One that cannot be read keeps no other waiting, and is raised then."""
    outlets, accounts, ports = _ports()
    ends, failed, brought = monotonic() + SECONDS, list[Exception](), 0
    ports = replace(ports, enough=lambda: monotonic() > ends)
    for outlet in outlets.all():
        try:
            brought += _look(outlet, accounts, ports)
        except DomError as error:
            logger.exception("orders are not compared", extra={"account": outlet.account})
            failed.append(error)
    if failed:
        raise failed[0]
    return {"brought": brought}


def _look(outlet: Outlet, accounts: Accounts, ports: Reconciling) -> int:
    make = feed_of(outlet.channel) if outlet.active else None
    if make is None:
        return 0
    feed = make(outlet.account, accounts.credentials(outlet.channel, outlet.account))
    return reconcile_orders(outlet.channel, outlet.account, feed, ports)
