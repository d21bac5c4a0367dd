"""Counts of returns in the Inventory table: added by commits, read for scores and for ops."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dom.aws import keys
from dom.aws.dynamo import marshal
from dom.aws.reads import batch_get
from dom.model.tally import Tally, TallyScope

# Long enough to compare with a year ago; a customer's are forgotten with their second year.
KEPT = timedelta(days=800)
_NOT_COUNTS = frozenset({"pk", "sk", "forget_at"})


def tally_update(table: str, tally: Tally, at: datetime) -> Mapping[str, Any]:
    """The update that adds the counts."""
    numbered = list(enumerate(tally.counts.items()))
    adds = ", ".join(f"#c{n} :c{n}" for n, _ in numbered)
    values = {f":c{n}": count for n, (_, count) in numbered}
    forget = int((at.astimezone(UTC) + KEPT).timestamp())
    return {
        "Update": {
            "TableName": table,
            "Key": marshal(keys.tally(tally.scope.value, tally.key, tally.period)),
            "UpdateExpression": f"SET forget_at = :forget ADD {adds}",
            "ExpressionAttributeNames": {f"#c{n}": name for n, (name, _) in numbered},
            "ExpressionAttributeValues": marshal({**values, ":forget": forget}),
        }
    }


@dataclass(frozen=True, slots=True)
class TallyStore:
    """`dom.returns.ports.Tallies` on DynamoDB."""

    dynamodb: Any
    table: str

    def tallies(self, scope: TallyScope, names: Iterable[str], period: str) -> dict[str, Tally]:
        """The counts of each of these keys; empty ones where nothing was counted."""
        wanted = {name: keys.tally(scope.value, name, period) for name in names}
        items = batch_get(self.dynamodb, self.table, wanted.values())
        found = {(item["pk"], item["sk"]): item for item in items}
        return {
            name: Tally(scope, name, period, _counts(found.get((key["pk"], key["sk"]), {})))
            for name, key in wanted.items()
        }


def _counts(item: Mapping[str, Any]) -> dict[str, int]:
    return {name: int(value) for name, value in item.items() if name not in _NOT_COUNTS}
