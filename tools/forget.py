"""Forget the customers of orders: name, address and contact are erased, labels and photos deleted;
the figures stay.

By our ids or the channel's, or all orders of an account. What the channel tells again later does
not bring them back. The key goes with them: what backups hold cannot be read any more once they
have no key, either (point-in-time recovery of the table of keys: `KeyRecoveryDays`).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from dom.aws.dynamo import marshal
from dom.aws.ledger import DynamoLedger
from dom.aws.order_store import OrderStore
from dom.aws.papers import BucketPapers
from dom.intake.forget import forget
from dom.model.clock import system_clock
from dom.model.ids import OrderId, order_id_for

from tools.console import say
from tools.personal import people_of
from tools.stack import Stack, add_stack_option, chosen

ACTOR = "forget"


def of_account(stack: Stack, channel: str, account: str) -> Iterator[OrderId]:
    """Every order of the account, by a scan."""
    pages = (
        stack.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=stack.resource("OrdersTable"),
            FilterExpression="#item = :order AND channel = :channel AND account = :account",
            ProjectionExpression="order_id",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues=marshal(
                {":order": "ORDER", ":channel": channel, ":account": account}
            ),
        )
    )
    for page in pages:
        yield from (OrderId(item["order_id"]["S"]) for item in page["Items"])


def named(text: str, channel: str, account: str) -> OrderId:
    """Our id, or what it is of the channel's."""
    if text.startswith("ord_") or not channel:
        return OrderId(text)
    return order_id_for(channel, account, text)


def main() -> None:
    """Forget, and say of which orders there was something to forget."""
    parser = argparse.ArgumentParser(prog="python -m tools.forget", description=__doc__)
    parser.add_argument("orders", nargs="*", metavar="ID", help="our ids, or with --account theirs")
    parser.add_argument("--account", metavar="CHANNEL/ACCOUNT", help="whose ids these are")
    parser.add_argument("--all", action="store_true", help="all orders of that account")
    add_stack_option(parser)
    arguments = parser.parse_args()
    channel, _, account = (arguments.account or "").partition("/")
    if not arguments.orders and not (arguments.all and account):
        parser.error("name orders, or --account CHANNEL/ACCOUNT --all")
    stack = chosen(arguments)
    ids = [named(one, channel, account) for one in arguments.orders]
    if arguments.all:
        ids += of_account(stack, channel, account)
    people = people_of(stack)
    ledger = DynamoLedger(
        people.dynamodb, people.table, stack.resource("InventoryTable"), people=people
    )
    orders = OrderStore(people.dynamodb, people.table, people)
    papers = BucketPapers(stack.client("s3"), stack.resource("RawBucket"))
    ports = orders, ledger, papers
    done = [name for one in ids for name in forget(one, *ports, system_clock(), ACTOR)]
    for name in done:
        say(f"  {name}")
    say(f"{len(done)} orders were forgotten whose they are.")


if __name__ == "__main__":
    main()
