"""Ports of parcels' labels made from settings."""

from __future__ import annotations

from collections.abc import Callable

from dom.aws.carriers import Carriers
from dom.aws.clients import client
from dom.aws.label_files import LabelFiles
from dom.aws.network_store import NetworkStore
from dom.aws.parcel_labels import ParcelLabels
from dom.aws.recipients import Recipients
from dom.aws.wiring import orders, rules
from dom.settings import Settings

# A label takes up to four answers; whoever asks has 29 seconds, and asks again.
SECONDS = 6.5


def parcel_labels(settings: Settings, failed: Callable[[Exception], None]) -> ParcelLabels:
    """Labels of parcels; the rate card is that of the rule set in force. Keep it: it caches that.

    `failed` is told why a rule set cannot be read.
    """
    active = rules(settings, failed)
    return ParcelLabels(
        LabelFiles(client("s3"), settings.raw_bucket),
        Recipients(orders(settings), NetworkStore(client("dynamodb"), settings.network_table)),
        lambda: active.active().rate_card,
        Carriers(client("secretsmanager"), settings.carriers_prefix, SECONDS).find,
    )
