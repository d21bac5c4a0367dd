"""What each SKU sells a day, by region, learnt from the orders of a stack; safety stock for it.

Reads orders, once through their table; whole local days only. With --apply, what a SKU sells in the
whole network becomes the `daily_demand` of its product, by which the weights `last_unit` and
`markdown` of routing go. Stock and its `safety_stock` are never written.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dom.aws.product_store import DynamoProductStore
from dom.forecast.forecast import Forecast, forecast
from dom.forecast.safety import cover, worth_of_last
from dom.forecast.sales import sales_of
from dom.forecast.series import Series, series_of
from dom.model.clock import system_clock
from dom.model.ids import Sku
from dom.model.order import Order
from dom.network.expect import expect_demand
from dom.network.ports import ProductStore
from dom.simulation.simulation import Window

from tools.bench_report import table
from tools.console import say, step
from tools.simulate_source import history_of
from tools.stack import add_stack_option, chosen

EVERYWHERE = "*"
FIGURES = ("a day", "±", "in lead time", "safety", "order at")
HEAD = ("SKU", "region", "days", "kind", "method", *FIGURES)


@dataclass(frozen=True, slots=True)
class Terms:
    """What stock is to last for: a share of cycles without stock-out, over days of lead time.

    `worth`: minor units that a later order loses for a unit that is gone.
    """

    level: float
    lead_days: float
    lead_variance: float
    worth: int


class Line(NamedTuple):
    """A series and what it makes us expect."""

    series: Series
    known: Forecast


def window_of(until: date, days: int, zone: tzinfo) -> Window:
    """Whole local days, the last of them the one before `until`."""
    ends = datetime.combine(until, time(), zone)
    return Window(datetime.combine(until - timedelta(days=days), time(), zone), ends)


def learn(orders: Iterable[Order], until: date, zone: tzinfo) -> list[Line]:
    """By SKU, each region and then the whole network (`*`)."""
    sales = [one for order in orders for one in sales_of(order, zone)]
    both = sales + [one._replace(region=EVERYWHERE) for one in sales]
    found = series_of(both, until)
    ordered = sorted(found, key=lambda one: (one.sku, one.region == EVERYWHERE, one.region))
    return [Line(series, forecast(series.units)) for series in ordered]


def apply(lines: Iterable[Line], store: ProductStore) -> int:
    """Tell routing what the whole network sells of each SKU; how many products that changed."""
    network = (line for line in lines if line.series.region == EVERYWHERE)
    return sum(expect_demand(Sku(line.series.sku), line.known.velocity, store) for line in network)


def rows(lines: Iterable[Line], terms: Terms) -> Iterator[Sequence[object]]:
    """One for each line: what is known, and what to keep."""
    for series, known in lines:
        kept = cover(known, terms.level, terms.lead_days, terms.lead_variance)
        row = (
            *(series.sku, series.region, len(series.units), known.kind, known.method),
            *(f"{known.velocity:.3f}", f"{known.variance**0.5:.2f}", f"{kept.expected:.1f}"),
            *(kept.safety, kept.reorder_point),
        )
        last = (worth_of_last(known, n, terms.lead_days, terms.worth) for n in (1, 3, 10))
        yield (*row, *last) if terms.worth else row


def show(lines: Iterable[Line], terms: Terms) -> str:
    """The table; what the last of 1, 3 and 10 units is worth only where a worth is given."""
    last = ("last of 1", "of 3", "of 10") if terms.worth else ()
    return table((*HEAD, *last), rows(lines, terms))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table; with --apply, tell routing."""
    options = _parser().parse_args(arguments)
    zone = ZoneInfo(options.zone)
    until = options.until or system_clock().astimezone(zone).date()
    stack = chosen(options)
    history = history_of(stack)
    with step(f"Reading the orders of {stack.name}"):
        window = window_of(until, options.days, zone)
        lines = learn(history.placed(window), until, zone)
    terms = Terms(options.level, options.lead_days, options.lead_variance, options.worth)
    say(show([one for one in lines if options.sku in (None, one.series.sku)], terms))
    if options.apply:
        store = DynamoProductStore(stack.client("dynamodb"), stack.resource("InventoryTable"))
        say(f"{apply(lines, store)} products have another daily demand now.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.forecast", description=__doc__)
    parser.add_argument("--days", type=int, default=365, help="days to learn from (default: 365)")
    parser.add_argument("--until", type=date.fromisoformat, help="first day not known (today)")
    parser.add_argument("--zone", default="UTC", help="whose days: America/New_York, ... (UTC)")
    parser.add_argument("--sku", help="show this one only")
    parser.add_argument("--level", type=float, default=0.95, help="chance of no stock-out (0.95)")
    parser.add_argument("--lead-days", type=float, default=7.0, help="until goods come (7)")
    parser.add_argument("--lead-variance", type=float, default=0.0, help="of these days (0)")
    parser.add_argument("--worth", type=int, default=0, help="of a unit to a later order, in cents")
    parser.add_argument("--apply", action="store_true", help="store it as daily_demand of products")
    add_stack_option(parser)
    return parser


if __name__ == "__main__":
    main()
