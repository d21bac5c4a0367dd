"""Reads of positions and availability documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain
from dom.aws.reads import Plain, batch_get
from dom.model.demand import SHARDS, Counter
from dom.model.ids import Sku
from dom.model.product import Assortment, Product
from dom.model.stock import Position


@dataclass(frozen=True, slots=True)
class StockStore:
    """The Inventory table, read side."""

    dynamodb: Any
    table: str

    def positions_of(self, pairs: Iterable[tuple[str, str]]) -> list[Position]:
        """The positions that exist among these (sku, location_id), read consistently."""
        items = batch_get(self.dynamodb, self.table, [keys.position(*pair) for pair in pairs])
        return [from_plain(Position, item) for item in items]

    def availability(self, skus: Iterable[str]) -> dict[str, dict[str, int]]:
        """Available units by location, for each SKU (empty if unknown), from its document.

        The document follows the positions by the stream's delay: a hint for solving, never a
        promise. Read consistently all the same, which spares the replica's delay.
        """
        found: dict[str, dict[str, int]] = {sku: {} for sku in skus}
        documents = [keys.availability(sku) for sku in found]
        for item in batch_get(self.dynamodb, self.table, documents):
            found[item["sku"]] = dict(item["locations"])
        return found

    def assortment(self, skus: Iterable[str]) -> Assortment:
        """As `availability`, with the facts of the products that are described, in one read."""
        return self._read(dict.fromkeys(skus), ())[0]

    def offer(self, skus: Iterable[str]) -> tuple[Assortment, dict[str, int]]:
        """As `assortment`, with the unallocated demand of SKUs that have some, in one read."""
        return self._read(dict.fromkeys(skus), range(SHARDS))

    def demand(self, skus: Iterable[str]) -> dict[str, int]:
        """Units that are sold but set aside nowhere yet, of SKUs that have some."""
        wanted = [keys.demand(sku, shard) for sku in dict.fromkeys(skus) for shard in range(SHARDS)]
        return _summed(batch_get(self.dynamodb, self.table, wanted))

    def sold(self, fences: Iterable[tuple[Sku, str]]) -> dict[Sku, dict[str, int]]:
        """Units of each SKU that ring-fences have sold, by their names; one batch read."""
        names = [Counter(sku, shard, fence) for sku, fence in fences for shard in range(SHARDS)]
        found: dict[Sku, dict[str, int]] = {}
        for item in batch_get(self.dynamodb, self.table, (keys.demand(*one) for one in names)):
            sold = found.setdefault(Sku(item["sku"]), {})
            sold[item["fence"]] = sold.get(item["fence"], 0) + item["units"]
        return found

    def _read(
        self, skus: Iterable[str], shards: Sequence[int]
    ) -> tuple[Assortment, dict[str, int]]:
        found = Assortment({sku: {} for sku in skus}, {})
        wanted = [key(sku) for sku in found.units for key in (keys.availability, keys.product)]
        wanted += [keys.demand(sku, shard) for sku in found.units for shard in shards]
        counters: list[Plain] = []
        for item in batch_get(self.dynamodb, self.table, wanted):
            if item["sk"] == keys.PRODUCT:
                found.products[Sku(item["sku"])] = from_plain(Product, item)
            elif item["sk"] == keys.AVAILABILITY:
                found.units[item["sku"]] = dict(item["locations"])
            else:
                counters.append(item)
        return found, _summed(counters)


def _summed(counters: Iterable[Plain]) -> dict[str, int]:
    total: dict[str, int] = {}
    for item in counters:
        if item["units"]:
            total[item["sku"]] = total.get(item["sku"], 0) + item["units"]
    return total
