"""Connect a Shopify shop: store the secret its webhooks are signed with, or rotate it.

The secret before stays valid until the next rotation, since deliveries signed with it may still be
on their way. With --access-token it stores the token of the Admin API instead, which refunds,
shipments and stock need. With --webhooks, which needs that token, it has the shop send us every
webhook that we understand; run it again when they stop coming.
"""

from __future__ import annotations

import argparse
import getpass
import json
import re
import sys
from dataclasses import fields
from typing import Any

from dom.channels.credentials import Credentials
from dom.channels.shopify_subscriptions import Subscribed, subscribe
from dom.errors import DomError

from tools.console import say
from tools.stack import Stack, add_stack_option, chosen

CHANNEL = "shopify"
ACCOUNT = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")
KEPT_SECRETS = 2


def connect(stack: Stack, account: str, secret: str) -> list[str]:
    """Make the secret the current one of the account; returns all that are now valid."""
    known = [str(one) for one in (_known(stack, account) or {}).get("webhook_secrets", [])]
    valid = [secret, *(one for one in known if one != secret)][:KEPT_SECRETS]
    _store(stack, account, {"webhook_secrets": valid})
    return valid


def allow_calls(stack: Stack, account: str, token: str) -> None:
    """Make this the account's token of the Admin API."""
    _store(stack, account, {"access_token": token})


def _store(stack: Stack, account: str, changed: dict[str, Any]) -> None:
    """Change fields of the account's secret; the others stay as they are."""
    client, known = stack.client("secretsmanager"), _known(stack, account)
    text = json.dumps({"webhook_secrets": [], **(known or {}), **changed})
    if known is None:
        client.create_secret(Name=_name(stack, account), SecretString=text)
    else:
        client.put_secret_value(SecretId=_name(stack, account), SecretString=text)


def _known(stack: Stack, account: str) -> dict[str, Any] | None:
    client = stack.client("secretsmanager")
    try:
        answer = client.get_secret_value(SecretId=_name(stack, account))
    except client.exceptions.ResourceNotFoundException:
        return None
    stored: dict[str, Any] = json.loads(answer["SecretString"])
    return stored


def _name(stack: Stack, account: str) -> str:
    return f"{stack.name}/channels/{CHANNEL}/{account}"


def webhooks_to(stack: Stack, account: str) -> Subscribed:
    """Have the shop send every webhook that we understand; Rejected or Busy if it refuses."""
    known = _known(stack, account) or {}
    names = {field.name for field in fields(Credentials)}
    credentials = Credentials(**{name: str(known[name]) for name in names if known.get(name)})
    return subscribe(account, credentials, f"{api_url(stack)}/webhooks/{CHANNEL}/{account}")


def api_url(stack: Stack) -> str:
    """The stack's output ApiUrl."""
    found = stack.client("cloudformation").describe_stacks(StackName=stack.name)["Stacks"][0]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in found["Outputs"]}
    return str(outputs["ApiUrl"]).rstrip("/")


def main() -> None:
    """Ask for the secret, unless it is piped in, and store it; or subscribe."""
    parser = argparse.ArgumentParser(prog="python -m tools.connect_shopify", description=__doc__)
    parser.add_argument("account", help="the shop's full domain, such as my-shop.myshopify.com")
    parser.add_argument("--access-token", action="store_true", help="store the API token instead")
    parser.add_argument("--webhooks", action="store_true", help="have it send us its webhooks")
    add_stack_option(parser)
    arguments = parser.parse_args()
    if not ACCOUNT.fullmatch(arguments.account):
        parser.error("the account is the full domain: <shop>.myshopify.com, in lower case")
    stack = chosen(arguments)
    if arguments.webhooks:
        return _subscribe(stack, arguments.account)
    secret = _asked(arguments.access_token)
    if not secret:
        parser.error("no secret was given")
    if arguments.access_token:
        allow_calls(stack, arguments.account, secret)
        return say(f"{arguments.account} is called with this token from now on.")
    valid = connect(stack, arguments.account, secret)
    say(f"{arguments.account} is connected to {stack.name}; {len(valid)} secret(s) are valid now.")
    say("Functions cache secrets for some minutes: wait before you revoke the old one at Shopify.")
    return None


def _asked(token: bool) -> str:
    what = "Admin API access token: " if token else "Webhook signing secret (client secret): "
    return (getpass.getpass(what) if sys.stdin.isatty() else sys.stdin.readline()).strip()


def _subscribe(stack: Stack, account: str) -> None:
    try:
        found = webhooks_to(stack, account)
    except DomError as error:
        raise SystemExit(f"{account}: {error}") from None
    say(f"{len(found.new)} webhooks are new: {', '.join(found.new) or 'none was missing'}.")
    for address in found.others:
        say(f"{address} hears of them, too: not ours to change.")


if __name__ == "__main__":
    main()
