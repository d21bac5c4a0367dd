"""The whole system on the embedded AWS: `up` leaves it running, `down` stops it.

build/stack.json then says where everything is. GATEWAY_PORT chooses the port (default: a free one).
"""

from __future__ import annotations

import argparse
import json
import re
import secrets
import shutil
from pathlib import Path
from typing import Any

from tools import emulator
from tools.build import Target, build, inputs_digest
from tools.connect_shopify import connect
from tools.console import say, step
from tools.deploy import deploy
from tools.emulator import REGION, Emulator
from tools.shell import BUILD
from tools.stack import Stack
from tools.tokens import create_token

NAME = "dom"
SHOP = "demo-shop.myshopify.com"
STORE = "STORE-01"
SENDER_DOMAIN = "example.com"
STORE_SCOPES = ("fulfillments:read", "fulfillments:write", "inventory:read", "locations:read")


def up(home: Path = BUILD) -> dict[str, Any]:
    """Start, build and deploy what is not there yet; returns what stack.json says."""
    target, running = Target(), emulator.running(home)
    with step(f"Building for {target.runtime} on {target.architecture}"):
        build(target)
    known = _known(home) if running else None
    if known and known["deployed"] == inputs_digest():
        say(f"▸ The stack is up and unchanged on {known['endpoint']}")
        return known
    return _deploy(running or _start(home), target, home, known)


def _start(home: Path) -> Emulator:
    emulator.stop(home)
    with step("Starting the embedded AWS"):
        return emulator.start(home)


def _deploy(
    running: Emulator, target: Target, home: Path, known: dict[str, Any] | None
) -> dict[str, Any]:
    digest, stack = inputs_digest(), Stack(NAME, running.endpoint, REGION)
    with step(f"Deploying template.yaml to {running.endpoint}"):
        deploy(stack, target, home)
    facts = known or _credentials(stack)
    facts = {**_facts(stack), **{name: facts[name] for name in ("channels", "tokens")}}
    facts["deployed"] = digest
    (home / "stack.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    return facts


def _credentials(stack: Stack) -> dict[str, Any]:
    """A shop's secret, tokens of an administrator and of a store, and a sender for mail."""
    secret = secrets.token_hex(32)
    connect(stack, SHOP, secret)
    stack.client("ses").verify_domain_identity(Domain=SENDER_DOMAIN)
    return {
        "channels": {"shopify": {"account": SHOP, "secret": secret}},
        "tokens": {
            "admin": create_token(stack, "admin", ["*"]),
            "store": create_token(stack, f"store {STORE}", STORE_SCOPES, [STORE]),
        },
    }


def _facts(stack: Stack) -> dict[str, Any]:
    api = stack.resource("Api")
    return {
        "api_url": f"{stack.endpoint}/restapis/{api}/v1/_user_request_",
        "endpoint": stack.endpoint,
        "region": stack.region,
        "stack": stack.name,
        "tables": _short(stack.of_type("AWS::DynamoDB::Table"), "Table"),
        "queues": _short(stack.of_type("AWS::SQS::Queue"), "Queue"),
        "state_machines": _short(stack.of_type("AWS::StepFunctions::StateMachine"), "StateMachine"),
        "functions": _short(stack.of_type("AWS::Lambda::Function"), "Function"),
        "event_bus": stack.resource("EventBus"),
        "raw_bucket": stack.resource("RawBucket"),
        "feeds_bucket": stack.resource("FeedsBucket"),
        "store_location_id": STORE,
    }


def _short(resources: dict[str, str], suffix: str) -> dict[str, str]:
    """Logical ids as snake-case names without their kind: OrdersTable is `orders`."""
    return {_snake(name.removesuffix(suffix)): value for name, value in sorted(resources.items())}


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _known(home: Path) -> dict[str, Any] | None:
    file = home / "stack.json"
    if not file.exists():
        return None
    facts: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return facts


def down(home: Path = BUILD) -> None:
    """Stop it and forget everything that it held."""
    stopped = emulator.stop(home)
    (home / "stack.json").unlink(missing_ok=True)
    shutil.rmtree(home / "tmp", ignore_errors=True)
    say("▸ The embedded AWS is down." if stopped else "▸ No embedded AWS was running.")


def main() -> None:
    """`up` or `down`."""
    parser = argparse.ArgumentParser(prog="python -m tools.embedded", description=__doc__)
    parser.add_argument("command", choices=["up", "down"])
    if parser.parse_args().command == "down":
        down()
    else:
        url = up()["api_url"]
        say(f"▸ API      {url}\n▸ Details  {BUILD / 'stack.json'}; `make down` stops it.")


if __name__ == "__main__":
    main()
