"""Compare every position with the sum of its movements; with --repair set it right.

Prints each position that differs: what it says, and what its movements sum to. The ledger is the
truth: a repair writes no movement and changes none, and may run beside live traffic.
"""

from __future__ import annotations

import argparse
import sys

from dom.aws.ledger_book import DynamoLedgerBook
from dom.inventory.rebuild import StockDrift, audit_all
from dom.model.ids import LocationId, Sku

from tools.console import say, step
from tools.stack import add_stack_option, chosen


def tell(sku: Sku, location_id: LocationId, found: StockDrift | Exception) -> None:
    """One line for a position that differs or could not be compared."""
    if isinstance(found, Exception):
        say(f"  {sku} at {location_id}: {found}")
        return
    said = found.position.figures if found.position else "nothing"
    stored = f", available {found.position.available}" if found.position else ""
    say(f"  {sku} at {location_id}: said {said}{stored}; its movements sum to {found.ledger}")


def main() -> int:
    """Report; with --repair correct; exit with 1 if something differs that was not corrected."""
    parser = argparse.ArgumentParser(prog="python -m tools.rebuild_inventory")
    parser.description = __doc__
    parser.add_argument("--repair", action="store_true", help="set positions to their movements")
    add_stack_option(parser)
    arguments = parser.parse_args()
    stack = chosen(arguments)
    book = DynamoLedgerBook(stack.client("dynamodb"), stack.resource("InventoryTable"))
    with step(f"Comparing the positions of {stack.name} with their movements"):
        found: list[tuple[Sku, LocationId, StockDrift | Exception]] = []
        done = audit_all(book.places(), book, arguments.repair, lambda *one: found.append(one))
    for one in found:
        tell(*one)
    drift, failed = done["InventoryDrift"], done["AuditFailures"]
    what = "were corrected" if arguments.repair else "differ (--repair corrects them)"
    say(f"{drift} of {done['AuditedPositions']} positions {what}; {failed} could not be compared.")
    return 1 if failed or (drift and not arguments.repair) else 0


if __name__ == "__main__":
    sys.exit(main())
