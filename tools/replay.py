"""Send parked payloads through ingest again, after what stopped them was put right.

What is still not understood is parked again, with its new reason. Safe to repeat.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from dom.aws.inbound import InboundSender
from dom.aws.parking import ParkingLot
from dom.errors import DomError
from dom.model.clock import system_clock

from tools.console import say
from tools.stack import Stack, add_stack_option, chosen

PREFIX = "parked/"


@dataclass(frozen=True)
class Parked:
    """The parked payloads of a stack."""

    stack: Stack

    def waiting(self) -> Iterator[tuple[str, str]]:
        """Digest and reason of each one that was not replayed yet."""
        pages = self.stack.client("s3").get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.stack.resource("RawBucket"), Prefix=PREFIX):
            for found in page.get("Contents", []):
                digest = found["Key"].removeprefix(PREFIX)
                if reason := self._reason(digest):
                    yield digest, reason

    def replay(self, digest: str) -> None:
        """Send one through the door again; NotFound if it is unknown."""
        sqs, s3, bucket = self._client("sqs"), self._client("s3"), self.stack.resource("RawBucket")
        lot = ParkingLot(self._client("dynamodb"), s3, self.stack.resource("InboxTable"), bucket)
        sender = InboundSender(sqs, s3, self.stack.resource("InboundQueue"), bucket)
        lot.replay(digest, sender, system_clock())

    def _client(self, service: str) -> object:
        return self.stack.client(service)

    def _reason(self, digest: str) -> str:
        found = self.stack.client("dynamodb").get_item(
            TableName=self.stack.resource("InboxTable"), Key={"key": {"S": f"parked#{digest}"}}
        )
        item = found.get("Item", {})
        if item.get("status", {}).get("S") != "PARKED":
            return ""
        return f"{item['field']['S']}: {item['reason']['S']}"


def main() -> None:
    """List what is parked, or replay the named ones or all."""
    parser = argparse.ArgumentParser(prog="python -m tools.replay", description=__doc__)
    parser.add_argument("digest", nargs="*", help="which ones (default: only list them)")
    parser.add_argument("--all", action="store_true", help="every one that was not replayed yet")
    add_stack_option(parser)
    arguments = parser.parse_args()
    parked = Parked(chosen(arguments))
    if not (arguments.digest or arguments.all):
        return _list(parked)
    digests = arguments.digest or [digest for digest, _ in parked.waiting()]
    failed = sum(not _replay(parked, digest) for digest in digests)
    say(f"▸ {len(digests) - failed} sent to ingest again, {failed} not.")
    raise SystemExit(1 if failed else 0)


def _list(parked: Parked) -> None:
    count = 0
    for digest, reason in parked.waiting():
        count += 1
        say(f"{digest}  {reason}")
    say(f"▸ {count} parked. Replay with their digests or --all.")


def _replay(parked: Parked, digest: str) -> bool:
    try:
        parked.replay(digest)
    except DomError as error:
        say(f"{digest}  not sent: {error}")
        return False
    say(f"{digest}  sent")
    return True


if __name__ == "__main__":
    main()
