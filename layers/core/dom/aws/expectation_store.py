"""What is expected of each SKU, in the Inventory table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.guards import put_unless_newer
from dom.aws.reads import batch_get
from dom.model.expectation import Expectation
from dom.model.ids import Sku


@dataclass(frozen=True, slots=True)
class DynamoExpectationStore:
    """`dom.planning.ports.Expectations` on DynamoDB."""

    dynamodb: Any
    table: str

    def find(self, skus: Iterable[Sku]) -> dict[Sku, Expectation]:
        """Of those SKUs of which anything is known."""
        items = batch_get(self.dynamodb, self.table, map(keys.expectation, skus))
        return {Sku(item["sku"]): from_plain(Expectation, item) for item in items}

    def save(self, known: Expectation) -> bool:
        """Store it, unless what is stored was learnt later: False then."""
        item = {**keys.expectation(known.sku), **to_plain(known)}
        return put_unless_newer(self.dynamodb, self.table, item, "until")
