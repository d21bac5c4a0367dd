"""Names under which things were exchanged with partners: sets that were carried out, and control
numbers of those that we sent. Items of the Inbox table, which forgets them after 400 days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dom.aws import keys
from dom.aws.dynamo import marshal
from dom.aws.reads import get
from dom.aws.transactions import Write, transact
from dom.errors import Busy, CommitRefused
from dom.model.clock import Clock, from_text, to_text

KEPT = timedelta(days=400)
ATTEMPTS = 12
MOST = 999_999_999


@dataclass(frozen=True, slots=True)
class PartnerNames:
    """`dom.partners.ports.Claims`, and the control numbers of what is sent."""

    dynamodb: Any
    table: str
    clock: Clock

    def content(self, partner: str, claim: str) -> str:
        """See the port."""
        item = get(self.dynamodb, self.table, keys.exchanged(partner, "set", claim))
        return str(item["content"]) if item else ""

    def note(self, partner: str, claim: str, content: str) -> None:
        """See the port."""
        item = self._item(keys.exchanged(partner, "set", claim), content=content)
        self.dynamodb.put_item(TableName=self.table, Item=item)

    def number(self, partner: str, message_id: str) -> tuple[int, datetime]:
        """The control number of a message, and when it was given one: always the same.

        Busy: many messages get theirs at this moment.
        """
        for _ in range(ATTEMPTS):
            found = get(self.dynamodb, self.table, keys.exchanged(partner, "sent", message_id))
            if found:
                return int(found["number"]), from_text(found["at"])
            try:
                self._give(partner, message_id)
            except CommitRefused:
                continue
        raise Busy(f"no control number for {message_id} yet")

    def message(self, partner: str, control: str) -> str:
        """What was sent under a control number; "" if nothing was."""
        if not control.isdecimal():
            return ""
        key = keys.exchanged(partner, "control", str(int(control)))
        item = get(self.dynamodb, self.table, key)
        return str(item["message_id"]) if item else ""

    def _give(self, partner: str, message_id: str) -> None:
        """The next number, noted under the message and the message under it: all or nothing."""
        counter = keys.exchanged(partner, "counter", "")
        last = int((get(self.dynamodb, self.table, counter) or {"number": 0})["number"])
        number = last % MOST + 1
        seen = "#n = :last" if last else "attribute_not_exists(#n)"
        raised = {
            "TableName": self.table,
            "Key": marshal(counter),
            "UpdateExpression": "SET #n = :next",
            "ConditionExpression": seen,
            "ExpressionAttributeNames": {"#n": "number"},
            "ExpressionAttributeValues": marshal(
                {":next": number, **({":last": last} if last else {})}
            ),
        }
        sent = keys.exchanged(partner, "sent", message_id)
        control = keys.exchanged(partner, "control", str(number))
        at = to_text(self.clock())
        writes = [
            Write("counter", partner, {"Update": raised}),
            self._put("sent", self._item(sent, number=number, at=at), True),
            self._put("control", self._item(control, message_id=message_id), False),
        ]
        transact(self.dynamodb, writes)

    def _item(self, key: keys.Key, **facts: object) -> dict[str, Any]:
        end = int((self.clock() + KEPT).timestamp())
        return marshal({**key, **facts, "expires_at": end})

    def _put(self, kind: str, item: dict[str, Any], once: bool) -> Write:
        request: dict[str, Any] = {"TableName": self.table, "Item": item}
        if once:
            request["ConditionExpression"] = "attribute_not_exists(#key)"
            request["ExpressionAttributeNames"] = {"#key": "key"}
        return Write(kind, str(item["key"]), {"Put": request})
