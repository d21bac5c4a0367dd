"""Personal data of orders made from settings: apart from all else, for who reads little else."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from dom.aws.clients import client
from dom.aws.data_keys import DataKeys
from dom.aws.personal_store import PersonalStore
from dom.aws.sealed_notes import SealedNotes
from dom.settings import Settings


def people(settings: Settings) -> PersonalStore | None:
    """Personal data of orders, for a function that is given the table of their keys."""
    if not settings.keys_table:
        return None
    dynamodb = client("dynamodb")
    data_keys = _data_keys(dynamodb, settings.keys_table, settings.personal_key)
    return PersonalStore(dynamodb, settings.orders_table, data_keys)


def notes(settings: Settings) -> SealedNotes:
    """What people write into returns; only as it is stored without the table of keys."""
    known = people(settings)
    return SealedNotes(known.data_keys if known else None)


@cache
def _data_keys(dynamodb: Any, table: str, kms_key: str) -> DataKeys:
    """One for reads and writes: what was unwrapped for one is good for the other."""
    return DataKeys(dynamodb, table, partial(client, "kms", attempts=3, read_timeout=3), kms_key)
