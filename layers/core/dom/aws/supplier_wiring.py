"""Ports of telling suppliers made from settings."""

from __future__ import annotations

from dom.aws.clients import client
from dom.aws.mailer import SesMailer
from dom.aws.network_store import NetworkStore
from dom.aws.partner_wiring import partner_post
from dom.aws.product_store import DynamoProductStore
from dom.aws.recipients import Recipients
from dom.aws.supplier_desk import SupplierDesk
from dom.aws.supplier_outside import SupplierFiles, SupplierKeys
from dom.aws.turns import DynamoTurns
from dom.aws.wiring import floor, orders
from dom.fulfillment.dropship.ports import Informing
from dom.settings import Settings
from dom.suppliers.port import Outside


def informing(settings: Settings) -> Informing:
    """The floor, whoever tells suppliers, and turns."""
    dynamodb = client("dynamodb")
    read, network = orders(settings), NetworkStore(dynamodb, settings.network_table)
    keys = SupplierKeys(client("secretsmanager"), settings.suppliers_prefix)
    mailer = SesMailer(client("ses", attempts=1), settings.sender_email)
    files = SupplierFiles(client("s3"), settings.feeds_bucket)
    post = partner_post(settings)
    desk = SupplierDesk(
        network,
        read,
        DynamoProductStore(dynamodb, settings.inventory_table),
        Recipients(read, network),
        Outside(keys.endpoint, mailer.post, files.put, post.partner, post.exchange),
    )
    return Informing(floor(settings), desk, DynamoTurns(dynamodb, settings.inbox_table))
