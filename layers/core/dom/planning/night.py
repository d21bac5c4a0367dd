"""The night's work on one part of the SKUs: learn, tell routing, keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from dom.model.clock import Clock
from dom.model.expectation import Expectation
from dom.model.ids import LocationId, Sku
from dom.model.incoming import Coming, Incoming
from dom.model.product import Product
from dom.model.rebalancing import Move, Slow
from dom.planning.asked import Asked
from dom.planning.balance import Balance
from dom.planning.home import Homes, Shippers
from dom.planning.keep import Kept, keep
from dom.planning.learn import learn
from dom.planning.ports import Expectations, Positions, Products, Writer

# SKUs whose documents are read together.
TOGETHER = 50
# Is told of a SKU that failed, within the exception's context.
Failed = Callable[[Sku, Exception], None]


@dataclass(frozen=True, slots=True)
class Planning:
    """Ports of the night's work. `report` is told of SKUs that failed. `balance` None: nobody asked
    for proposals.
    """

    stock: Positions
    ledger: Writer
    expectations: Expectations
    products: Products
    kept: Kept
    clock: Clock
    report: Failed
    balance: Balance | None
    coming: Coming


@dataclass(slots=True)
class Done:
    """How far a run came: `after` is the last SKU, "" the end; what it changed and found."""

    after: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    moves: list[Move] = field(default_factory=list)
    slow: list[Slow] = field(default_factory=list)


def run(
    rows: Iterable[Asked], until: date, after: str, goes_on: Callable[[], bool], ports: Planning
) -> Done:
    """Learn each SKU of some summed rows, in their order from the one after `after` on.

    Stops when it must not go on: whoever calls comes again. A SKU that fails is reported and does
    not stop the others; the next night has it again.
    """
    done, chunk = Done(), dict[Sku, list[Asked]]()
    network = Shippers(ports.kept.network.values())
    todo = (row for row in rows if row.sku > after)
    for sku, some in groupby(todo, key=lambda row: row.sku):
        chunk[Sku(sku)] = list(some)
        if len(chunk) < TOGETHER:
            continue
        _chunk(chunk, until, network, done, ports)
        chunk = {}
        if not goes_on():
            done.after = sku
            return done
    _chunk(chunk, until, network, done, ports)
    return done


@dataclass(frozen=True, slots=True)
class _Sku:
    """What is known of a SKU beside its demand."""

    units: Mapping[str, int]
    product: Product
    coming: Sequence[Incoming]


def _chunk(
    chunk: Mapping[Sku, list[Asked]], until: date, network: Shippers, done: Done, ports: Planning
) -> None:
    documents, products = ports.stock.assortment(sorted(chunk))
    coming = ports.coming(sorted(chunk)) if ports.balance else {}
    for sku, rows in chunk.items():
        product = products.get(sku) or Product(sku)
        try:
            homes = Homes(network, map(LocationId, documents[sku]))
            known = learn(sku, rows, homes, until)
            _sku(known, _Sku(documents[sku], product, coming.get(sku, ())), done, ports)
        except Exception as error:  # whatever it was, its neighbors go on
            ports.report(sku, error)
            done.counts["ForecastsFailed"] += 1


def _sku(known: Expectation, one: _Sku, done: Done, ports: Planning) -> None:
    if ports.balance:
        moves, slow = ports.balance.of(known, one.units, one.coming, one.product)
        done.moves += moves
        done.slow += [slow] if slow else []
    if not ports.expectations.save(known):
        return
    done.counts["ForecastsMade"] += 1
    done.counts["DemandTold"] += ports.products.expect(known.sku, known.network.velocity)
    stock, ledger, now = ports.stock, ports.ledger, ports.clock()
    places = map(LocationId, one.units)
    moved = keep(known, one.product.category, places, ports.kept, stock, ledger, now)
    done.counts["SafetyStockSet"] += moved
