"""Reads of reservations and of the listings by which their expiry is found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain
from dom.aws.dynamo import marshal
from dom.aws.reads import batch_get, get, query
from dom.model.reservation import Reservation, ReservationStatus

# One sweep a minute over 8 shards expires up to 12,000 holds in it; the rest waits for the next.
DUE_PER_SHARD = 1_500


@dataclass(frozen=True, slots=True)
class ReservationStore:
    """`dom.promise.ports.Reservations` on the Inventory table. All reads are consistent."""

    dynamodb: Any
    table: str

    def load(self, reservation_id: str) -> Reservation | None:
        """The reservation, or None."""
        item = get(self.dynamodb, self.table, keys.reservation(reservation_id))
        return from_plain(Reservation, item) if item else None

    def expired(
        self, skus: Iterable[str], now: datetime, most: int | None = None
    ) -> list[Reservation]:
        """Held ones of these SKUs whose time is over, the oldest first; of each SKU at most."""
        found = (name for sku in skus for name in self._listed(keys.listings(sku), now, most))
        return self._over(found, now)

    def due(self, now: datetime) -> list[Reservation]:
        """Held ones whose time is over, of any SKU; as many as one sweep can handle."""
        shards = map(keys.sweep_listings, range(keys.SWEEP_SHARDS))
        found = (name for shard in shards for name in self._listed(shard, now, DUE_PER_SHARD))
        return self._over(found, now)

    def _listed(self, listing: keys.Listing, now: datetime, most: int | None) -> Iterator[str]:
        """Ids that the partition lists up to now."""
        items = query(
            self.dynamodb,
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues=marshal(
                {":pk": listing.pk, ":first": listing.prefix, ":last": listing.until(now)}
            ),
            ConsistentRead=True,
            **({"Limit": most} if most else {}),
        )
        return (item["reservation_id"] for item in islice(items, most))

    def _over(self, names: Iterable[str], now: datetime) -> list[Reservation]:
        wanted = [keys.reservation(name) for name in dict.fromkeys(names)]
        items = batch_get(self.dynamodb, self.table, wanted)
        found = (from_plain(Reservation, item) for item in items)
        held = (r for r in found if r.status is ReservationStatus.HELD and r.expires_at <= now)
        return sorted(held, key=lambda one: (one.expires_at, one.id))
