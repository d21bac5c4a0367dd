"""Counts of returns and of suppliers in the Inventory table: added by commits, read for scores
and for ops.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dom.aws import keys
from dom.aws.dynamo import marshal
from dom.aws.reads import batch_get, query
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

    def days(self, location_id: str, first: date, last: date) -> list[Tally]:
        """The counts of a supplier's days, from the first to the last, where there are any."""
        items = query(
            self.dynamodb,
            TableName=self.table,
            KeyConditionExpression="pk = :supplier AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues=marshal(
                {
                    ":supplier": keys.scorecard(location_id),
                    ":first": first.isoformat(),
                    ":last": last.isoformat(),
                }
            ),
        )
        return [Tally(TallyScope.SUPPLIER, location_id, x["sk"], _counts(x)) for x in items]


def _counts(item: Mapping[str, Any]) -> dict[str, int]:
    return {name: int(value) for name, value in item.items() if name not in _NOT_COUNTS}
