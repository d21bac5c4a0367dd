"""Compare the counters of unallocated demand with the orders, and correct them.

First, orders that are not counted yet are (those written before counting began, and those whose
counting was interrupted). Then counters are compared with the sum of their orders, twice: orders go
on being written meanwhile, and only what differs both times by the same is a difference. Run it
once after the upgrade that brought counting, and after a restore of one of the two tables.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from dom.aws.demand_book import DemandBook
from dom.aws.ledger import DynamoLedger
from dom.errors import CommitRefused
from dom.model.clock import system_clock
from dom.model.commit import Commit, Ledger
from dom.model.demand import Counter, changed_skus
from dom.model.order import Order

from tools.console import say, step
from tools.stack import add_stack_option, chosen

ACTOR = "rebuild_demand"
# Transactions under way between the two comparisons are over by then.
PAUSE = 3.0


def uncounted(book: DemandBook) -> list[Order]:
    """Orders of which other units wait than are counted."""
    return [order for order in book.orders() if changed_skus(order)]


def count(orders: list[Order], ledger: Ledger) -> None:
    """Write each as it stands, which counts it; one that was just written has counted itself."""
    for order in orders:
        commit = Commit(f"{order.order_id}:count", system_clock(), ACTOR, orders=(order,))
        with suppress(CommitRefused):
            ledger.commit(commit)


def certain_drift(book: DemandBook, pause: Callable[[], None]) -> dict[Counter, int]:
    """Counters that are wrong by the same, seen twice."""
    first = book.drift()
    if not first:
        return {}
    pause()
    second = book.drift()
    return {name: units for name, units in first.items() if second.get(name) == units}


def main() -> int:
    """Report and correct; with --check report only, and exit with 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tools.rebuild_demand")
    parser.description = __doc__
    parser.add_argument("--check", action="store_true", help="report only, change nothing")
    add_stack_option(parser)
    arguments = parser.parse_args()
    stack = chosen(arguments)
    dynamodb = stack.client("dynamodb")
    tables = stack.resource("OrdersTable"), stack.resource("InventoryTable")
    book = DemandBook(dynamodb, *tables)
    with step(f"Reading the orders of {stack.name}"):
        orders = uncounted(book)
    if not arguments.check:
        count(orders, DynamoLedger(dynamodb, *tables))
    with step("Comparing the counters, twice"):
        found = certain_drift(book, lambda: time.sleep(PAUSE))
    for (sku, shard), units in sorted(found.items()):
        say(f"  {sku}, shard {shard}: {units:+d}")
        if not arguments.check:
            book.correct((sku, shard), units)
    done = "would be" if arguments.check else "were"
    say(f"{len(orders)} orders {done} counted, {len(found)} counters {done} corrected.")
    return 1 if arguments.check and (orders or found) else 0


if __name__ == "__main__":
    sys.exit(main())
