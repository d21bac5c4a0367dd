"""Ports of telling suppliers made from settings."""

from __future__ import annotations

from dom.aws.clients import client
from dom.aws.mailer import SesMailer
from dom.aws.network_store import NetworkStore
from dom.aws.product_store import DynamoProductStore
from dom.aws.recipients import Recipients
from dom.aws.supplier_desk import SupplierDesk
from dom.aws.supplier_outside import SupplierFiles, SupplierKeys, outside
from dom.aws.supplier_store import SupplierStore
from dom.aws.turns import DynamoTurns
from dom.aws.wiring import floor, orders
from dom.fulfillment.dropship.ports import Informing
from dom.settings import Settings


def informing(settings: Settings) -> Informing:
    """The floor, whoever tells suppliers, and turns."""
    dynamodb = client("dynamodb")
    read = orders(settings)
    desk = SupplierDesk(
        SupplierStore(dynamodb, settings.network_table),
        read,
        DynamoProductStore(dynamodb, settings.inventory_table),
        Recipients(read, NetworkStore(dynamodb, settings.network_table)),
        outside(
            SupplierKeys(client("secretsmanager"), settings.suppliers_prefix),
            SesMailer(client("ses", attempts=1), settings.sender_email),
            SupplierFiles(client("s3"), settings.feeds_bucket),
        ),
    )
    return Informing(floor(settings), desk, DynamoTurns(dynamodb, settings.inbox_table))
