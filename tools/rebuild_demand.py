"""Compare the counters of unallocated demand with the orders, and correct them.

First, orders that are not counted yet, or do not stand in line yet, are (those written before that
began). Then each counter is compared with the sum of its orders. It may run beside live traffic: a
counter is corrected only if nobody has counted on it since before its orders were read; what moved
meanwhile is left for another run. Run it once after the upgrade that brought counting, and after a
restore of one of the two tables.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from dom.aws.demand_book import DemandBook, Drift
from dom.aws.ledger import DynamoLedger
from dom.fulfillment.count_demand import count_demand
from dom.model.clock import system_clock
from dom.model.commit import Ledger
from dom.model.demand import uncounted as waiting
from dom.model.order import Order

from tools.console import say, step
from tools.stack import add_stack_option, chosen


def uncounted(book: DemandBook) -> list[Order]:
    """Orders of which other units wait than are counted."""
    return [order for order in book.orders() if waiting(order)]


def count(orders: Iterable[Order], ledger: Ledger) -> None:
    """Count them; one that was just written has counted itself."""
    for order in orders:
        count_demand(order, ledger, system_clock())


def settled(book: DemandBook, *, check: bool) -> tuple[list[Drift], int]:
    """Counters that were wrong, corrected unless `check`; and how many others moved meanwhile."""
    found = book.drift()
    certain = [one for one in found if (book.stands(one) if check else book.correct(one))]
    return certain, len(found) - len(certain)


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
    with step("Comparing the counters with the orders"):
        found, moved = settled(book, check=arguments.check)
    for one in found:
        sku, shard, fence = one.name
        of = f"{sku} of {fence}" if fence else sku
        say(f"  {of}, shard {shard}: said {one.stored.units}, is {one.units}")
    done = "would be" if arguments.check else "were"
    say(f"{len(orders)} orders {done} counted, {len(found)} counters {done} corrected.")
    if moved:
        say(f"{moved} counters moved while they were compared: run it again to be sure of them.")
    return 1 if arguments.check and (orders or found) else 0


if __name__ == "__main__":
    sys.exit(main())
