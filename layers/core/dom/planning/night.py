"""The night's work on one part of the SKUs: learn, tell routing, keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from dom.model.clock import Clock
from dom.model.ids import LocationId, Sku
from dom.planning.asked import Asked
from dom.planning.home import Homes
from dom.planning.keep import Kept, keep
from dom.planning.learn import learn
from dom.planning.ports import Expectations, Positions, Products, Writer

# SKUs whose documents are read together.
TOGETHER = 50
# Is told of a SKU that failed, within the exception's context.
Failed = Callable[[Sku, Exception], None]


@dataclass(frozen=True, slots=True)
class Planning:
    """Ports of the night's work. `report` is told of SKUs that failed."""

    stock: Positions
    ledger: Writer
    expectations: Expectations
    products: Products
    kept: Kept
    clock: Clock
    report: Failed


@dataclass(frozen=True, slots=True)
class Done:
    """How far a run came: `after` is the last SKU, "" the end; and what it changed."""

    after: str
    counts: Mapping[str, int]


def summed(rows: Iterable[Asked]) -> list[Asked]:
    """The rows of several parts as one, by SKU."""
    total = Counter[tuple[str, str, str, str]]()
    for row in rows:
        total[row.sku, row.region, row.place, row.day] += row.units
    return sorted(Asked(*key, units) for key, units in total.items())


def run(
    rows: Iterable[Asked], until: date, after: str, goes_on: Callable[[], bool], ports: Planning
) -> Done:
    """Learn each SKU of some summed rows, in their order from the one after `after` on.

    Stops when it must not go on: whoever calls comes again. A SKU that fails is reported and does
    not stop the others; the next night has it again.
    """
    counts = Counter[str]()
    todo = (row for row in rows if row.sku > after)
    chunk: dict[Sku, list[Asked]] = {}
    for sku, some in groupby(todo, key=lambda row: row.sku):
        chunk[Sku(sku)] = list(some)
        if len(chunk) < TOGETHER:
            continue
        counts += _chunk(chunk, until, ports)
        after, chunk = sku, {}
        if not goes_on():
            return Done(after, counts)
    counts += _chunk(chunk, until, ports)
    return Done("", counts)


def _chunk(chunk: Mapping[Sku, list[Asked]], until: date, ports: Planning) -> Counter[str]:
    counts = Counter[str]()
    documents, products = ports.stock.assortment(sorted(chunk))
    for sku, rows in chunk.items():
        places = [LocationId(place) for place in documents[sku]]
        product = products.get(sku)
        try:
            counts += _sku(sku, rows, places, product.category if product else "", until, ports)
        except Exception as error:  # whatever it was, its neighbors go on
            ports.report(sku, error)
            counts["ForecastsFailed"] += 1
    return counts


def _sku(
    sku: Sku,
    rows: list[Asked],
    places: list[LocationId],
    category: str,
    until: date,
    ports: Planning,
) -> Counter[str]:
    known = learn(sku, rows, Homes(ports.kept.network.values(), places), until)
    saved = ports.expectations.save(known)
    told = saved and ports.products.expect(sku, known.network.velocity)
    moved = 0
    if saved:
        stock, ledger, now = ports.stock, ports.ledger, ports.clock()
        moved = keep(known, category, places, ports.kept, stock, ledger, now)
    return Counter(ForecastsMade=int(saved), DemandTold=int(told), SafetyStockSet=moved)
