"""How far the stock that locations show can be trusted, learnt from the ledger of a stack.

Reads the movements of the last months of every position, one query for each month of each. With
--apply, the chance that a location does not have it becomes the product's `rejects` there, by which
the weight `reject` of routing goes.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from dom.aws import keys
from dom.aws.ledger_book import DynamoLedgerBook
from dom.aws.movement_store import MovementStore, months_of
from dom.aws.product_store import DynamoProductStore
from dom.aws.reads import get
from dom.forecast.trust import Trial, Trust, learn, trial_of
from dom.model.clock import system_clock
from dom.model.ids import LocationId, Sku
from dom.network.expect import expect_rejects
from dom.network.ports import ProductStore

from tools.bench_report import table
from tools.console import say, step
from tools.stack import add_stack_option, chosen

HEAD = ("SKU", "location", "trust", "trials (faded)")
Learnt = Mapping[tuple[Sku, LocationId], Trust]


def trials(book: DynamoLedgerBook, since: datetime) -> Iterator[Trial]:
    """What the ledger says of picks since then, position by position."""
    for sku, place in book.places():
        yield from _at(book, sku, place, since)


def _at(book: DynamoLedgerBook, sku: Sku, place: LocationId, since: datetime) -> Iterator[Trial]:
    store = MovementStore(book.dynamodb, book.table)
    position = get(book.dynamodb, book.table, keys.position(sku, place)) or {}
    for month in months_of(position):
        if month >= keys.month(since):
            found = map(trial_of, store.rows(sku, place, month))
            yield from (one for one in found if one and one.at >= since)


def apply(learnt: Learnt, store: ProductStore) -> int:
    """Tell routing in whole percents; how many products that changed."""
    by_sku: dict[Sku, dict[LocationId, int]] = defaultdict(dict)
    for (sku, place), trust in learnt.items():
        by_sku[sku][place] = round(100 * (1 - trust.probability))
    return sum(expect_rejects(sku, percents, store) for sku, percents in sorted(by_sku.items()))


def show(learnt: Learnt, most: int) -> str:
    """The least trusted first."""
    worst = sorted(learnt.items(), key=lambda one: (one[1].probability, one[0]))[:most]
    return table(
        HEAD,
        [(*place, f"{one.probability:.3f}", f"{one.trials:.1f}") for place, one in worst],
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the least trusted; with --apply, tell routing."""
    parser = argparse.ArgumentParser(prog="python -m tools.trust", description=__doc__)
    parser.add_argument("--days", type=int, default=365, help="days to learn from (default: 365)")
    parser.add_argument("--most", type=int, default=50, help="how many to show (default: 50)")
    parser.add_argument("--apply", action="store_true", help="store it as rejects of products")
    add_stack_option(parser)
    options = parser.parse_args(arguments)
    stack, now = chosen(options), system_clock()
    tables = stack.client("dynamodb"), stack.resource("InventoryTable")
    with step(f"Reading the ledger of {stack.name}"):
        since = now - timedelta(days=options.days)
        learnt = learn(trials(DynamoLedgerBook(*tables), since), now)
    say(show(learnt, options.most))
    if options.apply:
        say(f"{apply(learnt, DynamoProductStore(*tables))} products have other rejects now.")


if __name__ == "__main__":
    main()
