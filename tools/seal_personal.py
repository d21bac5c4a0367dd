"""Seal personal data that were stored before orders had keys: once, after the upgrade.

Names, addresses and contacts, and what people wrote into returns. It is safe while orders flow, and
to break off: the next run goes on with what is still plain. Backups from before keep what was plain
until they expire (point-in-time recovery: 35 days).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain
from dom.aws.dynamo import marshal, unmarshal
from dom.aws.ledger import DynamoLedger
from dom.aws.personal_store import PersonalStore
from dom.aws.sealed_notes import MARK, SealedNotes
from dom.aws.transactions import transact
from dom.errors import Busy, CommitRefused
from dom.model.clock import system_clock
from dom.model.commit import Commit, PersonalData
from dom.model.rma import Return

from tools.console import say
from tools.personal import people_of
from tools.stack import add_stack_option, chosen

Item = Mapping[str, Any]
ACTOR = "seal-personal"


def plain_items(people: PersonalStore) -> Iterator[Item]:
    """What is not sealed, by a scan."""
    pages = people.dynamodb.get_paginator("scan").paginate(
        TableName=people.table,
        FilterExpression="#item = :personal AND attribute_not_exists(sealed)"
        " OR begins_with(#item, :return)",
        ExpressionAttributeNames={"#item": "item"},
        ExpressionAttributeValues=marshal(
            {":personal": keys.PERSONAL, ":return": f"{keys.RETURN}#"}
        ),
    )
    for page in pages:
        yield from (item for item in page["Items"] if _is_person(item) or _has_plain_notes(item))


def sealed(item: Item, people: PersonalStore) -> bool:
    """Seal one, unless it was written or erased since it was read. Busy: not now."""
    try:
        if _is_person(item):
            _seal_person(item, people)
        else:
            _seal_notes(from_plain(Return, unmarshal(item)), people)
    except CommitRefused:
        return False
    return True


def _is_person(item: Item) -> bool:
    return bool(item["item"]["S"] == keys.PERSONAL)


def _has_plain_notes(item: Item) -> bool:
    record = from_plain(Return, unmarshal(item))
    notes = [*(x.note for x in record.lines), *(x.note for x in record.unexpected)]
    return any(note and not note.startswith(MARK) for note in notes)


def _seal_person(item: Item, people: PersonalStore) -> None:
    writes = list(people.writes(from_plain(PersonalData, unmarshal(item))))
    put = writes[0].request["Put"]
    if "forget_at" in item:
        put["Item"]["forget_at"] = item["forget_at"]
    put["ConditionExpression"] = "attribute_not_exists(sealed) AND #data = :data"
    put["ExpressionAttributeNames"] = {"#data": "data"}
    put["ExpressionAttributeValues"] = {":data": item["data"]}
    transact(people.dynamodb, writes)


def _seal_notes(record: Return, people: PersonalStore) -> None:
    """A change of the return like any other, under its version."""
    notes = SealedNotes(people.data_keys)

    def seal(note: str) -> str:
        return note if note.startswith(MARK) else notes.seal(record.order_id, note)

    lines = tuple(replace(one, note=seal(one.note)) for one in record.lines)
    unexpected = tuple(replace(one, note=seal(one.note)) for one in record.unexpected)
    after = replace(record, lines=lines, unexpected=unexpected)
    name = f"{record.id}:sealed:{record.version}"
    ledger = DynamoLedger(people.dynamodb, people.table)
    ledger.commit(Commit(name, system_clock(), ACTOR, returns=(after,)))


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
            if sealed(item, people):
                done += 1
            else:
                left += 1  # whoever wrote it meanwhile may have left it plain
        except Busy as busy:
            left += 1
            say(f"  {item['order_id']['S']}: {busy}")
    say(f"{done} items were sealed, {left} are still plain.{' Run it again.' * bool(left)}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
