"""Versions of the rule set, and which of them is in force, in the Network table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import marshal
from dom.aws.reads import Plain, get, query
from dom.aws.transactions import Write, transact
from dom.aws.updates import update_of
from dom.errors import Rejected
from dom.model.clock import from_text, to_text
from dom.model.rule_codec import decode, encode
from dom.model.versions import InForce, Ref, Version, VersionNote

# DynamoDB's 400 KB for the whole item, with room for its names.
MOST_BYTES = 390_000


@dataclass(frozen=True, slots=True)
class RuleSetStore:
    """`dom.rulesets.ports.Book` on DynamoDB.

    A version holds its rules complete, as text: what the defaults of a later deployment are does
    not change it, and one read is one parse.
    """

    dynamodb: Any
    table: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def latest(self, set_id: str) -> int:
        """The highest number written under that id; 0 if there is none."""
        answer = self.dynamodb.query(**self._all(set_id), Limit=1, ProjectionExpression="sk")
        return next((_number(item["sk"]["S"]) for item in answer["Items"]), 0)

    def load(self, ref: Ref) -> Version | None:
        """The version, or None; ValueError and its like if it cannot be read any more."""
        item = get(self.dynamodb, self.table, keys.rule_set_version(ref.id, ref.number))
        if item is None:
            return None
        rules = decode(json.loads(item["rules"]), ref.label)
        return Version(ref, rules, from_text(item["created_at"]), item["created_by"])

    def versions(self, set_id: str) -> list[VersionNote]:
        """Every version under that id, newest first, over all pages."""
        wanted = "sk, created_at, created_by"
        items = query(self.dynamodb, **self._all(set_id), ProjectionExpression=wanted)
        return [from_plain(VersionNote, {**i, "number": _number(i["sk"])}) for i in items]

    def add(self, version: Version) -> None:
        """Store it; CommitRefused if its number is taken, Rejected if it is too large."""
        text = json.dumps(encode(version.rules), separators=(",", ":"), ensure_ascii=False)
        size = len(text.encode())
        if size > MOST_BYTES:
            raise Rejected(f"written out, the rule set has {size} bytes, more than {MOST_BYTES}")
        item = {
            **keys.rule_set_version(version.ref.id, version.ref.number),
            "rules": text,
            "created_at": to_text(version.created_at),
            "created_by": version.created_by,
        }
        put = {
            "TableName": self.table,
            "Item": marshal(item),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        self._transact(Write("rule_set", version.ref.label, {"Put": put}))

    def in_force(self) -> InForce:
        """What is in force, read consistently."""
        item = get(self.dynamodb, self.table, keys.rules_in_force())
        return from_plain(InForce, item) if item else InForce()

    def save(self, in_force: InForce) -> None:
        """Store it as its next version; CommitRefused if it has changed since it was read.

        An update, not a put: the relay's own attributes on the item stay as they are.
        """
        stored = replace(in_force, version=in_force.version + 1)
        values: Plain = {**to_plain(stored), "unrelayed": 1}
        absent = [one.name for one in fields(stored) if one.name not in values]
        expected = {"version": in_force.version or None}
        key = keys.rules_in_force()
        update = update_of(self.table, key, values, {}, absent, expected)
        self._transact(Write("rules_in_force", in_force.active.label, update))

    def _transact(self, write: Write) -> None:
        transact(self.dynamodb, [write], **self.options)

    def _all(self, set_id: str) -> Plain:
        return {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :versions",
            "ExpressionAttributeValues": marshal({":versions": keys.rule_set_versions(set_id)}),
            "ScanIndexForward": False,
            "ConsistentRead": True,
        }


def _number(sort_key: str) -> int:
    return int(sort_key.removeprefix("VERSION#"))
