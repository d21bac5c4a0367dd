"""API tokens: made here, shown once, stored only as SHA-256 in the table of tokens."""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Sequence

from dom.api.authorizer import token_hash
from dom.api.identity import SCOPES

from tools.console import say
from tools.stack import Stack, add_stack_option, chosen


def create_token(
    stack: Stack,
    name: str,
    scopes: Sequence[str],
    locations: Sequence[str] = (),
    token: str | None = None,
) -> str:
    """Store a token (a new one unless given) under its hash and return it.

    `locations` limits it to the work of these; none means all.
    """
    token = token or secrets.token_urlsafe(32)
    item = {
        "token_hash": {"S": token_hash(token)},
        "name": {"S": name},
        "scopes": {"L": [{"S": scope} for scope in scopes]},
        "location_ids": {"L": [{"S": location} for location in locations]},
    }
    stack.client("dynamodb").put_item(TableName=stack.resource("TokensTable"), Item=item)
    return token


def main() -> None:
    """Create a token and print it."""
    parser = argparse.ArgumentParser(prog="python -m tools.tokens", description=__doc__)
    parser.add_argument("name", help="who will use it; appears as the actor of what it does")
    parser.add_argument("--scope", action="append", choices=sorted(SCOPES), required=True)
    parser.add_argument("--location", action="append", default=[], help="only this location's work")
    add_stack_option(parser)
    arguments = parser.parse_args()
    stack = chosen(arguments)
    token = create_token(stack, arguments.name, arguments.scope, arguments.location)
    say(f"Bearer token of {arguments.name} (not stored, shown only now):\n{token}")


if __name__ == "__main__":
    main()
