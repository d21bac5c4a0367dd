"""A shop that sells kits: what its channel says and is told, what locations do, what it all adds up
to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from dom.fulfillment.actions import perform
from dom.fulfillment.channel_ports import Confirming
from dom.fulfillment.confirm import confirm_shipment
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.ports import Floor
from dom.fulfillment.withdraw import withdraw_units
from dom.intake.hold import Policy
from dom.intake.ingest import Outcome, Ports, ingest
from dom.intake.ports import Inbound
from dom.model.as_sold import sold
from dom.model.facts import Facts, LineFacts, OrderSnapshot, Payment
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, units_by_line
from dom.model.ids import Sku
from dom.model.location import Location
from dom.model.money import Money
from dom.model.order import Bucket, Method, Order, ShipGroup
from dom.model.product import Component, Product
from dom.model.rules import RuleSet
from dom.network.put_product import put_product
from dom.orders.cancel import cancel
from dom.orders.change import Desk, Wish
from dom.routing.ports import Routing
from dom.routing.route import route
from support.builders import BOSTON, NOW, RENO, location, order
from support.fakes import FakeLedger, FakePapers, FakePlaces, FakeReservations, FakeTurns, frozen

GROUP = "sg1"


@dataclass
class Products:
    """`dom.network.ports.ProductStore` on the products of a ledger; `meanwhile` happens once before
    something is stored.
    """

    known: dict[Sku, Product]
    meanwhile: list[Product] = field(default_factory=list)

    def find(self, sku: str) -> Product | None:
        return self.known.get(Sku(sku))

    def find_all(self, skus: Collection[Sku]) -> dict[Sku, Product]:
        return {sku: self.known[sku] for sku in skus if sku in self.known}

    def save(self, product: Product, previous: Product | None) -> bool:
        return self.save_all([(product, previous)])

    def save_all(self, changes: Collection[tuple[Product, Product | None]]) -> bool:
        self.known |= {one.sku: one for one in self.meanwhile}
        self.meanwhile.clear()
        if any(self.known.get(one.sku) != before for one, before in changes):
            return False
        self.known |= {one.sku: one for one, _ in changes}
        return True


def kit(sku: str, **components: int) -> Product:
    """A kit of so many units of each SKU."""
    parts = tuple(Component(Sku(name), units) for name, units in components.items())
    return Product(Sku(sku), components=parts)


def sold_line(
    line_id: str, sku: str, quantity: int = 1, price: int = 1000, **rest: Any
) -> LineFacts:
    """A line as the channel has it, in US dollars unless told otherwise."""
    currency = rest.pop("currency", "USD")
    money = {k: Money(rest.pop(k), currency) for k in ("discount", "tax") if rest.get(k)}
    facts: dict[str, Any] = {"sku": Sku(sku) if sku else None, "ship_group_id": GROUP, **money}
    return LineFacts(line_id, quantity, Money(price, currency), **{**facts, **rest})


class Silent:
    """Hears nothing."""

    def send(self, told: object) -> None:
        return None


@dataclass
class KitShop:
    """RENO and BOSTON, one order of a shop, and whom it tells what."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    places: tuple[Location, ...] = (location("RENO", RENO), location("BOSTON", BOSTON))
    now: datetime = NOW
    told: Counter[str] = field(default_factory=Counter)
    shipments: list[FulfillmentOrder] = field(default_factory=list)
    serial: int = 0
    facts: Facts | None = None

    def __post_init__(self) -> None:
        self.ledger.open(*self.places)

    @property
    def name(self) -> str:
        return next(iter(self.ledger.orders))

    @property
    def order(self) -> Order:
        return self.ledger.orders[self.name]

    @property
    def sold(self) -> dict[str, dict[Bucket, int]]:
        """Units by bucket of the lines that the channel knows."""
        return {line.line_id: dict(line.buckets) for line in sold(self.order).lines}

    def describe(self, *products: Product) -> None:
        for one in products:
            put_product(one, Products(self.ledger.products))

    def stock(self, place: str, **units: int) -> None:
        for sku, n in units.items():
            self.ledger.stock(sku, place, n)

    # The channel.

    def tell(self, *lines: LineFacts, **rest: Any) -> Outcome:
        """A snapshot, later than all before it."""
        self.serial += 1
        at = NOW + timedelta(minutes=self.serial)
        facts: dict[str, Any] = {
            "updated_at": at,
            "placed_at": NOW,
            "currency": lines[0].unit_price.currency if lines else "USD",
            "ship_groups": (ShipGroup(GROUP, Method.SHIP, order().ship_groups[0].destination),),
            "payment": Payment.PAID,
        }
        snapshot = OrderSnapshot(lines=lines, **{**facts, **rest})
        return self.hear(Facts("shopify", "shop", "1001", at, snapshot))

    def hear(self, facts: Facts) -> Outcome:
        self.facts = facts
        self.serial += 1
        event = Inbound("shopify", "shop", "t", f"d-{self.serial}", NOW, b"")
        silent, ledger = Silent(), self.ledger
        carts = FakeReservations(ledger)
        ports = Ports(ledger, ledger, Policy(), silent, silent, carts, ledger, FakePapers())
        return ingest(event, self, ports, self.now)

    def parse(self, topic: str, account: str, body: bytes) -> Facts | None:
        return self.facts

    def cancel(self, **units: int) -> None:
        desk = Desk(self.ledger, self.ledger, frozen(self.now))
        cancel(Wish(self.name, "ops", "changed their mind"), units, desk)

    def withdraw(self) -> None:
        withdraw_units(self.name, self.floor)

    # The stages.

    @property
    def routing(self) -> Routing:
        ledger, places = self.ledger, FakePlaces(self.ledger, self.places)
        return Routing(ledger, ledger, places, ledger, frozen(self.now), RuleSet())

    def route(self) -> list[FulfillmentOrder]:
        """Route it; its work that is open then."""
        route([self.name], self.routing)
        return self.works()

    def works(self, *statuses: FulfillmentStatus) -> list[FulfillmentOrder]:
        wanted = statuses or (FulfillmentStatus.ASSIGNED, FulfillmentStatus.RELEASED)
        return [x for x in self.ledger.fulfillment_orders(self.name) if x.status in wanted]

    @property
    def floor(self) -> Floor:
        ledger = self.ledger
        return Floor(ledger, ledger, ledger, ledger, frozen(self.now))

    def act(self, name: str, work: str, **rest: Any) -> FulfillmentOrder:
        found = self.ledger.works[work]
        if found.status is FulfillmentStatus.ASSIGNED:
            self.ledger.works[work] = replace(found, status=FulfillmentStatus.RELEASED)
        return perform(name, work, ActionRequest(**rest), "floor", None, self.floor)

    def ship(self, work: str, **rest: Any) -> None:
        for step in ("accept", "pick", "pack"):
            self.act(step, work)
        self.act("ship", work, **rest)

    def confirm(self, work: str) -> str | None:
        return confirm_shipment(work, Confirming(self.floor, _Channel(self), FakeTurns()))

    # What must be true whatever happened.

    def assert_consistent(self) -> None:
        """Buckets add up, what is reserved is what work holds, and nothing is short of it."""
        held: Counter[str] = Counter()
        for work in self.works(*_HOLDING):
            for line in work.lines:
                held[f"{line.sku}@{work.location_id}"] += line.quantity
        for key, position in self.ledger.positions.items():
            assert position.reserved == held[key], key
            assert position.available >= 0, key
        for line in (*self.order.lines, *sold(self.order).lines):
            assert sum(line.buckets.values()) == line.quantity, line


@dataclass
class _Channel:
    """What the channel hears."""

    shop: KitShop

    def tell(self, order: Order, work: FulfillmentOrder, others: Collection[str]) -> str | None:
        units = units_by_line(work.lines)
        assert units.keys() <= {line.line_id for line in order.lines}
        self.shop.told.update(units)
        self.shop.shipments.append(work)
        return f"gid-{work.id}"


_HOLDING = (
    FulfillmentStatus.ASSIGNED,
    FulfillmentStatus.RELEASED,
    FulfillmentStatus.ACCEPTED,
    FulfillmentStatus.PICKING,
    FulfillmentStatus.PACKED,
    FulfillmentStatus.CANCEL_REQUESTED,
)


def lines_of(work: FulfillmentOrder) -> Mapping[str, int]:
    """Units by SKU."""
    units: Counter[str] = Counter()
    for line in work.lines:
        units[line.sku] += line.quantity
    return units
