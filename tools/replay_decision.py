"""Decide an order's routing again from the inputs it was made from, and compare byte by byte.

Changes nothing. Says “identical”, or shows what comes out otherwise: after a deployment, what
today's code decides differently.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence

from dom.aws.archive import DecisionArchive, S3Objects
from dom.aws.order_store import OrderStore
from dom.errors import DomError
from dom.model.decision import RoutingDecision
from dom.routing.ask import Asking, ask_why, check, decisions_of, pick

from tools.console import say
from tools.stack import Stack, add_stack_option, chosen

# A long list that differs is told by its start.
LONGEST = 600


def asking_of(stack: Stack) -> Asking:
    """The stack's decisions and archive."""
    orders = OrderStore(stack.client("dynamodb"), stack.resource("OrdersTable"))
    return Asking(
        orders, DecisionArchive(S3Objects(stack.client("s3"), stack.resource("RawBucket")))
    )


def report(decision: RoutingDecision, differs: Mapping[str, Sequence[str]]) -> list[str]:
    """What a person reads of one replay."""
    lines = [f"{decision.id}  {'differs' if differs else 'identical'}"]
    for name, (then, now) in differs.items():
        lines += [f"  {name}", f"    then {_short(then)}", f"    now  {_short(now)}"]
    return lines


def replay(found: Sequence[RoutingDecision], ports: Asking) -> int:
    """Replay and report each; how many were not identical or not replayable."""
    wrong = 0
    for decision in found:
        try:
            differs = check(decision, ports.archive)
        except DomError as error:
            wrong += 1
            say(f"{decision.id}  cannot be replayed: {error}")
            continue
        wrong += bool(differs)
        for line in report(decision, differs):
            say(line)
    return wrong


def tell_why(decision: RoutingDecision, location_id: str, ports: Asking) -> int:
    """Print the reasons."""
    answer = ask_why(decision, ports.archive, location_id)
    say(f"{decision.id}  {answer.why.text}")
    return int(bool(answer.differs))


def main() -> int:
    """Replay all decisions of an order, or one; 1 if not all are identical."""
    parser = argparse.ArgumentParser(prog="python -m tools.replay_decision", description=__doc__)
    parser.add_argument("order", help="the order's id")
    parser.add_argument("--decision", default="", help="only this one")
    parser.add_argument(
        "--why", nargs="?", const="", metavar="LOCATION", help="why the latest, or why not LOCATION"
    )
    add_stack_option(parser)
    arguments = parser.parse_args()
    ports = asking_of(chosen(arguments))
    try:
        found = decisions_of(arguments.order, ports.records)
        one = pick(found, arguments.decision)
        if arguments.why is not None:
            return tell_why(one, arguments.why, ports)
    except DomError as error:
        say(str(error))
        return 1
    return 1 if replay([one] if arguments.decision else found, ports) else 0


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"


if __name__ == "__main__":
    sys.exit(main())
