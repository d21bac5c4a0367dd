"""Sources of files in the Network table, and what became of their files in the Inventory table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import marshal, unmarshal
from dom.aws.guards import put_unchanged
from dom.aws.reads import get, query
from dom.errors import NotFound, Outdated
from dom.model.clock import Clock
from dom.model.feed_source import UNUSED, FeedRun, FeedSource, RunStatus

# Long enough to compare seasons' beginnings; a file's content is known for longer than a year.
KEPT, CONTENT_KEPT = timedelta(days=90), timedelta(days=400)
PAGE = 50


@dataclass(frozen=True, slots=True)
class FeedSources:
    """`dom.inventory.files.ports.Sources` on DynamoDB."""

    dynamodb: Any
    table: str

    def find(self, source: str) -> FeedSource | None:
        """See the port."""
        item = get(self.dynamodb, self.table, keys.feed_source(source))
        return from_plain(FeedSource, item) if item else None

    def all(self) -> list[FeedSource]:
        """Every source, by name."""
        items = query(
            self.dynamodb,
            TableName=self.table,
            KeyConditionExpression="pk = :feeds",
            ExpressionAttributeValues=marshal({":feeds": keys.FEEDS}),
            ConsistentRead=True,
        )
        return [from_plain(FeedSource, item) for item in items]

    def save(self, wanted: FeedSource, previous: FeedSource | None) -> bool:
        """See the port."""
        item = {**keys.feed_source(wanted.source), **to_plain(wanted)}
        seen = previous.version if previous else None
        return put_unchanged(self.dynamodb, self.table, item, seen)

    def remove(self, source: str) -> None:
        """Files of it are not taken any more."""
        self.dynamodb.delete_item(TableName=self.table, Key=marshal(keys.feed_source(source)))


@dataclass(frozen=True, slots=True)
class FeedRuns:
    """`dom.inventory.files.ports.Runs` on DynamoDB. Runs expire."""

    dynamodb: Any
    table: str
    clock: Clock

    def receive(self, run: FeedRun) -> FeedRun:
        """See the port."""
        return run if self._put(run, None) else self.load(run.source, run.run_id)

    def load(self, source: str, run_id: str) -> FeedRun:
        """See the port."""
        item = get(self.dynamodb, self.table, keys.feed_run(source, run_id))
        if item is None:
            raise NotFound("feed run", run_id)
        return from_plain(FeedRun, item)

    def save(self, run: FeedRun) -> FeedRun:
        """See the port."""
        made = replace(run, version=run.version + 1)
        if not self._put(made, run.version):
            found = self.load(run.source, run.run_id).version
            raise Outdated("feed run", run.run_id, run.version, found)
        return made

    def claim(self, run: FeedRun) -> str:
        """See the port. A run of which nothing was written gives its claim up."""
        key = keys.feed_file(run.source, run.digest)
        found = get(self.dynamodb, self.table, key)
        holder = str(found["run_id"]) if found else ""
        if holder and holder != run.run_id and self._counts(run.source, holder):
            return holder
        item = {**key, "run_id": run.run_id, "forget_at": self._end(CONTENT_KEPT)}
        condition = "attribute_not_exists(pk) OR run_id = :read"
        values = marshal({":read": holder})
        try:
            self.dynamodb.put_item(
                TableName=self.table,
                Item=marshal(item),
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException:
            return self.claim(run)
        return run.run_id

    def _counts(self, source: str, run_id: str) -> bool:
        """Whether a run was written, or may be. One that is forgotten was."""
        item = get(self.dynamodb, self.table, keys.feed_run(source, run_id))
        return item is None or RunStatus(item["status"]) not in UNUSED

    def last_rows(self, source: str) -> int | None:
        """See the port."""
        items = query(self.dynamodb, **self._of(source), Limit=PAGE)
        runs = (from_plain(FeedRun, item) for item in items)
        return next((run.tally.rows for run in runs if run.status is RunStatus.APPLIED), None)

    def page(self, source: str, after: str = "") -> tuple[list[FeedRun], str]:
        """Some runs of the source, newest first, and the id to go on after ("": the end)."""
        start = {"ExclusiveStartKey": marshal(keys.feed_run(source, after))} if after else {}
        answer = self.dynamodb.query(**self._of(source), **start, Limit=PAGE)
        runs = [from_plain(FeedRun, unmarshal(item)) for item in answer["Items"]]
        return runs, runs[-1].run_id if runs and "LastEvaluatedKey" in answer else ""

    def _of(self, source: str) -> dict[str, Any]:
        values = {":pk": keys.feed_runs(source), ":run": "RUN#"}
        return {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :run)",
            "ExpressionAttributeValues": marshal(values),
            "ScanIndexForward": False,
            "ConsistentRead": True,
        }

    def _put(self, run: FeedRun, seen: int | None) -> bool:
        key = keys.feed_run(run.source, run.run_id)
        item = {**key, **to_plain(run), "forget_at": self._end(KEPT)}
        return put_unchanged(self.dynamodb, self.table, item, seen)

    def _end(self, after: timedelta) -> int:
        now: datetime = self.clock()
        return int((now + after).timestamp())
