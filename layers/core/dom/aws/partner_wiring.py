"""Ports of partners' files, made from settings."""

from __future__ import annotations

from collections.abc import Callable

from dom.aws.clients import client
from dom.aws.feed_store import FeedSources
from dom.aws.partner_desk import PartnerDesk
from dom.aws.partner_files import PartnerFiles, PartnerPost
from dom.aws.partner_names import PartnerNames
from dom.aws.partner_stock import PartnerStock
from dom.aws.partner_store import PartnerRuns, PartnerStore
from dom.aws.supply_wiring import supply_dock
from dom.aws.wiring import floor
from dom.model.clock import system_clock
from dom.partners.ports import Office
from dom.settings import Settings


def partner_post(settings: Settings) -> PartnerPost:
    """What is sent to partners."""
    dynamodb = client("dynamodb")
    names = PartnerNames(dynamodb, settings.inbox_table, system_clock)
    partners = PartnerStore(dynamodb, settings.network_table)
    return PartnerPost(client("s3"), settings.feeds_bucket, partners, names)


def partner_runs(settings: Settings) -> PartnerRuns:
    """What became of partners' files."""
    return PartnerRuns(client("dynamodb"), settings.inventory_table, system_clock)


def partner_office(
    settings: Settings,
    failed: Callable[[Exception], object],
    count: Callable[[str, int], object],
) -> Office:
    """What carrying out a partner's file needs."""
    dynamodb, s3, post = client("dynamodb"), client("s3"), partner_post(settings)
    bucket = settings.feeds_bucket
    stock = PartnerStock(FeedSources(dynamodb, settings.network_table), s3, bucket)
    return Office(
        post.partners,
        PartnerFiles(s3, bucket),
        partner_runs(settings),
        post.names,
        PartnerDesk(floor(settings), supply_dock(settings)[0], stock, post.names),
        post,
        failed,
        count,
    )
