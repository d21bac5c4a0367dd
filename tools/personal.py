"""Tell what is known of the customers of orders, as JSON: name, address and contact.

For whoever asks what we know of them. It is sealed in the table, so that nobody reads it by chance;
CloudTrail notes who opened whose.
"""

from __future__ import annotations

import argparse
import json
from functools import partial

from dom.aws.codec import to_plain
from dom.aws.data_keys import DataKeys
from dom.aws.personal_store import PersonalStore

from tools.console import say
from tools.stack import Stack, add_stack_option, chosen


def people_of(stack: Stack) -> PersonalStore:
    """Personal data of a stack's orders."""
    dynamodb, kms = stack.client("dynamodb"), partial(stack.client, "kms")
    keys = DataKeys(dynamodb, stack.resource("KeysTable"), kms, stack.resource("PersonalKey"))
    return PersonalStore(dynamodb, stack.resource("OrdersTable"), keys)


def main() -> None:
    """Print one JSON object for each order."""
    parser = argparse.ArgumentParser(prog="python -m tools.personal", description=__doc__)
    parser.add_argument("orders", nargs="+", metavar="ID", help="our ids")
    add_stack_option(parser)
    arguments = parser.parse_args()
    people = people_of(chosen(arguments))
    for name in arguments.orders:
        known = people.read(name)
        say(json.dumps(to_plain(known) if known else {"order_id": name, "forgotten": True}))


if __name__ == "__main__":
    main()
