"""Connect a Shopify shop: store the secret its webhooks are signed with, or rotate it.

The secret before stays valid until the next rotation, since deliveries signed with it may still be
on their way.
"""

from __future__ import annotations

import argparse
import getpass
import json
import re
import sys
from typing import Any

from tools.console import say
from tools.stack import Stack, add_stack_option, chosen

CHANNEL = "shopify"
ACCOUNT = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")
KEPT_SECRETS = 2


def connect(stack: Stack, account: str, secret: str) -> list[str]:
    """Make the secret the current one of the account; returns all that are now valid."""
    client, name = stack.client("secretsmanager"), f"{stack.name}/channels/{CHANNEL}/{account}"
    known = _known(client, name)
    valid = [secret, *(one for one in known or [] if one != secret)][:KEPT_SECRETS]
    text = json.dumps({"webhook_secrets": valid})
    if known is None:
        client.create_secret(Name=name, SecretString=text)
    else:
        client.put_secret_value(SecretId=name, SecretString=text)
    return valid


def _known(client: Any, name: str) -> list[str] | None:
    try:
        stored = json.loads(client.get_secret_value(SecretId=name)["SecretString"])
    except client.exceptions.ResourceNotFoundException:
        return None
    return [str(one) for one in stored["webhook_secrets"]]


def main() -> None:
    """Ask for the secret, unless it is piped in, and store it."""
    parser = argparse.ArgumentParser(prog="python -m tools.connect_shopify", description=__doc__)
    parser.add_argument("account", help="the shop's full domain, such as my-shop.myshopify.com")
    add_stack_option(parser)
    arguments = parser.parse_args()
    if not ACCOUNT.fullmatch(arguments.account):
        parser.error("the account is the full domain: <shop>.myshopify.com, in lower case")
    stack = chosen(arguments)
    asked = "Webhook signing secret (the app's client secret): "
    secret = getpass.getpass(asked) if sys.stdin.isatty() else sys.stdin.readline()
    if not secret.strip():
        parser.error("no secret was given")
    valid = connect(stack, arguments.account, secret.strip())
    say(f"{arguments.account} is connected to {stack.name}; {len(valid)} secret(s) are valid now.")
    say("Functions cache secrets for some minutes: wait before you revoke the old one at Shopify.")


if __name__ == "__main__":
    main()
