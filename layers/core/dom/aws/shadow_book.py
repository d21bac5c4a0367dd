"""Shadow decisions in the Orders table, beside the decisions that they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dom.aws import keys
from dom.aws.codec import to_plain
from dom.aws.dynamo import marshal
from dom.errors import Busy
from dom.model.shadow import ShadowDecision

BATCH = 25


@dataclass(frozen=True, slots=True)
class ShadowBook:
    """`dom.routing.shadow.Shadows` on DynamoDB."""

    dynamodb: Any
    table: str

    def record(self, decisions: Sequence[ShadowDecision]) -> None:
        """Write them, each once. Busy when the table takes only some: it is not tried again."""
        puts = [{"PutRequest": {"Item": _item(one)}} for one in decisions]
        left = 0
        for start in range(0, len(puts), BATCH):
            request = {self.table: puts[start : start + BATCH]}
            answer = self.dynamodb.batch_write_item(RequestItems=request)
            left += len(answer.get("UnprocessedItems", {}).get(self.table, []))
        if left:
            raise Busy(f"{left} of {len(puts)} shadow decisions were not recorded")


def _item(one: ShadowDecision) -> dict[str, Any]:
    return marshal({**to_plain(one), **keys.shadow(one.order_id, one.decision_id)})
