"""Compare every availability document with the positions it is made of, and correct it.

The same for the documents of what is on its way, made of transfers and purchases. Prints each
figure that differed. Run it after a restore, after a dead letter of the Inventory
stream, or whenever a figure looks wrong; it may run beside live traffic, since it writes as the
projector does. Stock that moves meanwhile may show as a difference that the projector was about to
correct.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from dom.aws.availability_store import DynamoAvailabilityStore
from dom.aws.incoming_store import DynamoIncomingStore
from dom.inventory.await_supply import IncomingStore, note
from dom.inventory.project import Availability, AvailabilityStore, Drift, Units, project
from dom.model.ids import LocationId, Sku
from dom.model.incoming import IncomingSupply
from dom.model.supply import SupplyId, SupplyOrder

from tools.console import say, step
from tools.stack import add_stack_option, chosen

THREADS = 8


@dataclass(frozen=True, slots=True)
class ReportOnly:
    """A store whose documents stay as they are."""

    store: AvailabilityStore

    def document(self, sku: Sku) -> Availability:
        """The stored document."""
        return self.store.document(sku)

    def available(self, sku: Sku, locations: Iterable[LocationId]) -> Units:
        """Available units of the positions."""
        return self.store.available(sku, locations)

    def replace(self, document: Availability) -> bool:
        """Nothing is written."""
        return True


@dataclass(frozen=True, slots=True)
class ReportOnlySupply:
    """The same of what is on its way."""

    store: IncomingStore

    def documents(self, skus: Iterable[Sku]) -> Mapping[Sku, IncomingSupply]:
        """The stored documents."""
        return self.store.documents(skus)

    def order(self, order_id: SupplyId) -> SupplyOrder | None:
        """The order as it stands."""
        return self.store.order(order_id)

    def replace(self, document: IncomingSupply) -> bool:
        """Nothing is written."""
        return True


def by_sku(pairs: Iterable[tuple[Sku, LocationId]]) -> dict[Sku, set[LocationId]]:
    """Locations by SKU."""
    found: dict[Sku, set[LocationId]] = {}
    for sku, location in pairs:
        found.setdefault(sku, set()).add(location)
    return found


def rebuild(
    places: Mapping[Sku, Iterable[LocationId]], store: AvailabilityStore
) -> Iterator[Drift]:
    """Bring each SKU's document in line with its positions; what differed."""
    with ThreadPoolExecutor(THREADS) as pool:
        for drift in pool.map(lambda sku: project(sku, places[sku], store), places):
            yield from drift


def renote(
    orders: Iterable[tuple[SupplyId, frozenset[Sku]]], store: IncomingStore
) -> Iterator[tuple[SupplyId, int]]:
    """Note each transfer and purchase anew; those of which some SKU's document said otherwise."""

    def noted(one: tuple[SupplyId, frozenset[Sku]]) -> tuple[SupplyId, int]:
        return one[0], note(one[0], one[1], store)

    with ThreadPoolExecutor(THREADS) as pool:
        yield from (found for found in pool.map(noted, orders) if found[1])


def main() -> int:
    """Report and correct; with --check report only, and exit with 1 if anything differed."""
    parser = argparse.ArgumentParser(prog="python -m tools.rebuild_availability")
    parser.description = __doc__
    parser.add_argument("--check", action="store_true", help="report only, change nothing")
    add_stack_option(parser)
    arguments = parser.parse_args()
    stack = chosen(arguments)
    store = DynamoAvailabilityStore(stack.client("dynamodb"), stack.resource("InventoryTable"))
    with step(f"Reading the positions of {stack.name}"):
        places = by_sku(store.known())
    found = list(rebuild(places, ReportOnly(store) if arguments.check else store))
    for one in found:
        say(f"  {one.sku} at {one.location_id}: said {one.document}, is {one.position}")
    supply = DynamoIncomingStore(stack.client("dynamodb"), stack.resource("InventoryTable"))
    with step("Reading transfers and purchases"):
        orders = list(supply.known())
    moved = list(renote(orders, ReportOnlySupply(supply) if arguments.check else supply))
    for order_id, wrong in moved:
        say(f"  {order_id}: the documents of {wrong} SKUs said otherwise")
    done = "would be" if arguments.check else "were"
    say(f"{len(found)} of the figures of {len(places)} SKUs {done} corrected.")
    say(f"What comes by {len(moved)} transfers and purchases {done} corrected.")
    return 1 if (found or moved) and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
