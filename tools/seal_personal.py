"""Seal personal data that were stored before orders had keys: once, after the upgrade.

It is safe while orders flow, and to break off: the next run goes on with what is still plain.
Backups from before keep what was plain until they expire (point-in-time recovery: 35 days).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain
from dom.aws.dynamo import marshal, unmarshal
from dom.aws.personal_store import PersonalStore
from dom.aws.transactions import transact
from dom.errors import Busy, CommitRefused
from dom.model.commit import PersonalData

from tools.console import say
from tools.personal import people_of
from tools.stack import add_stack_option, chosen

Item = Mapping[str, Any]


def plain_items(people: PersonalStore) -> Iterator[Item]:
    """What is not sealed, by a scan."""
    pages = people.dynamodb.get_paginator("scan").paginate(
        TableName=people.table,
        FilterExpression="#item = :personal AND attribute_not_exists(sealed)",
        ExpressionAttributeNames={"#item": "item"},
        ExpressionAttributeValues=marshal({":personal": keys.PERSONAL}),
    )
    for page in pages:
        yield from page["Items"]


def sealed(item: Item, people: PersonalStore) -> bool:
    """Seal one, unless it was written or erased since it was read. Busy: not now."""
    person = from_plain(PersonalData, unmarshal(item))
    writes = list(people.writes(person))
    put = writes[0].request["Put"]
    if "forget_at" in item:
        put["Item"]["forget_at"] = item["forget_at"]
    put["ConditionExpression"] = "attribute_not_exists(sealed) AND #data = :data"
    put["ExpressionAttributeNames"] = {"#data": "data"}
    put["ExpressionAttributeValues"] = {":data": item["data"]}
    try:
        transact(people.dynamodb, writes)
    except CommitRefused:
        return False
    return True


def main() -> int:
    """Seal all, and say how many; 1 if some could not be sealed now."""
    parser = argparse.ArgumentParser(prog="python -m tools.seal_personal", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only count what is plain")
    add_stack_option(parser)
    arguments = parser.parse_args()
    people = people_of(chosen(arguments))
    done = left = 0
    for item in plain_items(people):
        if arguments.check:
            left += 1
            continue
        try:
            done += sealed(item, people)
        except Busy as busy:
            left += 1
            say(f"  {item['order_id']['S']}: {busy}")
    say(f"{done} items were sealed, {left} are still plain.")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
