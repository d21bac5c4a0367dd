"""Every kind of event, made by the use cases themselves: what really would be published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dom.aws.dynamo import unmarshal
from dom.aws.stock_writes import movement_put
from dom.events import Event, location_event, movement_event, order_event, rule_set_event
from dom.fulfillment.actions import expire_work, perform
from dom.fulfillment.channel_ports import Confirming
from dom.fulfillment.confirm import confirm_shipment
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.dropship.ports import Informing
from dom.fulfillment.dropship.tell import tell_supplier
from dom.fulfillment.ending import warn_of_ending
from dom.fulfillment.label import LabelRequest, label_parcel
from dom.fulfillment.lighten import lighten
from dom.fulfillment.ports import Floor
from dom.fulfillment.relieve import relieve
from dom.fulfillment.scan import scan
from dom.fulfillment.unanswered import unanswered
from dom.fulfillment.waiting import wait_for
from dom.fulfillment.withdraw import withdraw_units
from dom.intake.forget import forget
from dom.model.authorization import Authorization, Taken
from dom.model.choice import Choice, Way
from dom.model.commit import Commit
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, Parcel, RejectReason
from dom.model.ids import LocationId, OrderId, Sku
from dom.model.location import Capability, LocationType
from dom.model.money import Money
from dom.model.order import Bucket, Method, Order, ShipGroup
from dom.model.payment import refused, taken
from dom.model.product import Product
from dom.model.promised import MoveReason, move_promise
from dom.model.rules import RuleSet
from dom.model.stock import Cause, StockChange
from dom.model.supplier import Supplier, Transport
from dom.network.ports import LocationRecord
from dom.network.put_location import OpenWork, put_location
from dom.network.switch import Switch, switch
from dom.orders.change import Desk, Wish
from dom.orders.choose import choose
from dom.orders.expedite import expedite
from dom.orders.retry_payment import retry_payment
from dom.orders.stores import Stores
from dom.routing.ports import Routing
from dom.routing.route import route
from dom.rulesets.activate import activate, revert, shadow
from dom.rulesets.ports import Step
from dom.rulesets.put_draft import put_draft
from support.builders import NOW, RENO, line, location, order, work
from support.fakes import FakeLedger, FakePapers, FakePlaces, frozen
from support.intake import facts_of, order_from, sample, tell
from support.money import EDIT, after, bought, money
from support.replanning import peak
from support.return_happenings import return_events
from support.rule_books import desk
from support.shelf import MUG, Shelf
from support.shelf import RENO as PLACE
from support.shipments import House

B, S = Bucket, FulfillmentStatus
GAME = Sku("GAME")


def happenings() -> Iterator[Event]:
    """Events of every stage."""
    yield from intake_events()
    yield from routing_events()
    yield from floor_events()
    yield from withdrawal_events()
    yield from relief_events()
    yield from payment_events()
    yield from choice_events()
    yield from shipment_events()
    yield from return_events()
    yield from network_events()
    yield from rule_set_events()
    yield movement()


def intake_events() -> Iterator[Event]:
    """An unpaid order that is paid, changed, refunded and cancelled while a location has it."""
    create = sample("orders-create")
    unpaid = {**create, "financial_status": "pending"}
    paid = order_from(("orders/create", unpaid), ("orders/paid", sample("orders-paid")))
    yield from of_order(paid)
    told = ("orders/paid", "orders/updated", "refunds/create")
    changed = order_from(*((topic, sample(topic.replace("/", "-"))) for topic in told))
    yield from of_order(changed)
    first = paid.lines[0]
    assigned = paid.with_lines([first.moved(B.PENDING, B.ALLOCATED, first.units(B.PENDING))])
    cancelled = tell(assigned, facts_of("orders/cancelled", sample("orders-cancelled")))
    assert cancelled
    yield from of_order(cancelled)
    known = FakeLedger(orders={"ord_a": order("ord_a")})
    forget(OrderId("ord_a"), known, known, FakePapers(), NOW, "eva")
    yield from of_ledger(known)


def payment_events() -> Iterator[Event]:
    """Money that is due, taken, let go, refused, and asked for again."""
    sent = after(after(bought(line("1"), line("2")), ("ship", 0, 1)), ("cancel", 1, 1))
    yield from of_order(sent)
    yield from of_order(after(after(bought(line("1")), (EDIT, 0, 1)), ("ship", 0, 2)))
    yield from of_order(taken(sent, money(sent), Taken(1500, 1500, "t1"), NOW, "channel"))
    known = FakeLedger(orders={"ord_a": refused(sent, money(sent), "declined", NOW, "channel")})
    desk = Desk(known, known, frozen(NOW))
    retry_payment(Wish("ord_a", "eva", "another card"), desk)
    yield from of_ledger(known)
    known = FakeLedger(orders={"ord_a": order("ord_a")})
    expedite(Wish("ord_a", "eva", "she leaves on Friday"), 100, Desk(known, known, frozen(NOW)))
    yield from of_ledger(known)
    ends = replace(bought(line("1")), authorization=Authorization(1500, expires_at=NOW))
    known = FakeLedger(orders={"ord_a": ends})
    warn_of_ending("ord_a", floor(known))
    yield from of_ledger(known)


def choice_events() -> Iterator[Event]:
    """A pickup that its store refuses: its customer is asked, reminded, and chooses another."""
    other = location("SHOP", RENO, capabilities=frozenset({Capability.PICKUP}))
    ledger = FakeLedger()
    ledger.open(location("RENO"), other)
    ledger.stock("MUG", "RENO", 3, reserved=3)
    ledger.stock("MUG", "SHOP", 3)
    group = ShipGroup("sg1", Method.PICKUP, location_id=LocationId("RENO"))
    allocated = line("1", quantity=3, buckets={B.ALLOCATED: 3})
    ledger.orders["ord_a"] = replace(order("ord_a", allocated), ship_groups=(group,))
    ledger.works["ord_a-1"] = work(method=Method.PICKUP)
    request = ActionRequest(reason=RejectReason.NO_VARIANCE)
    perform("reject", "ord_a-1", request, "reno", None, floor(ledger))
    later = frozen(NOW + timedelta(days=2))
    unanswered("ord_a", Floor(ledger, ledger, ledger, ledger, later))
    stores = Stores(ledger, FakePlaces(ledger, (location("RENO"), other)), frozen(NOW))
    wish = Wish("ord_a", "eva", "she called")
    choose(wish, Choice(Way.OTHER_STORE, "sg1", "SHOP"), stores, Desk(ledger, ledger, frozen(NOW)))
    yield from of_ledger(ledger)


def routing_events() -> Iterator[Event]:
    """One order that finds its place, one that does not, one that may not, and two that move."""
    ledger = FakeLedger()
    places = (location("RENO", RENO),)
    ledger.open(*places)
    ledger.stock("MUG", "RENO", 1)
    ledger.products[GAME] = Product(GAME, releases_on=NOW.date() + timedelta(days=20))
    for one in (order("ord_a"), *(order(f"ord_{x}", line("1", x)) for x in ("HAT", "GAME"))):
        ledger.orders[one.order_id] = one
    ports = Routing(ledger, ledger, FakePlaces(ledger, places), ledger, frozen(NOW), RuleSet())
    route(sorted(ledger.orders), ports)
    yield from of_ledger(ledger)
    waves = peak()
    waves.replan(commit=True)
    yield from of_ledger(waves.ledger)
    later = NOW + timedelta(days=2)
    moved = move_promise(order("ord_a"), "sg1", later, MoveReason.REROUTED, NOW, "sweeper")
    yield from of_order(move_promise(moved, "sg1", None, MoveReason.LATE, later, "sweeper"))


def floor_events() -> Iterator[Event]:
    """Work that reaches the customer, work that is refused, and work that nobody touched."""
    parcels = (Parcel("1Z999", "UPS", "https://ups.example/1Z999", 900),)
    for actions in (
        ("accept", "pick", "pack", "ship", "deliver"),
        ("reject",),
    ):
        ledger = shop(S.RELEASED, B.ALLOCATED)
        for action in actions:
            request = ActionRequest(
                parcels=parcels if action == "ship" else (),
                reason=RejectReason.DAMAGED if action == "reject" else None,
            )
            perform(action, "ord_a-1", request, "ana", None, floor(ledger))
        _tell_channel(ledger)
        yield from of_ledger(ledger)
    told = supplied()
    for days in (2, 3):
        request = ActionRequest(eta=NOW + timedelta(days=days))
        perform("accept", "ord_a-1", request, "ana", None, floor(told))
    perform("ship", "ord_a-1", ActionRequest(), "ana", None, floor(told))
    yield from of_ledger(told)
    asked = supplied()
    wait_for("ord_a-1", "acceptance", "token", floor(asked))
    tell_supplier("ord_a-1", Informing(floor(asked), _Channel(), _Channel()))
    yield from of_ledger(asked)
    for statuses, then in (
        (("in_transit", "out_for_delivery", "delivered"), ""),
        (("failure",), "reship"),
        (("return_to_sender",), "write-off"),
    ):
        yield from of_ledger(carried(statuses, then))
    yield from of_ledger(labelled())
    yield from of_ledger(handed_over())
    yield from of_ledger(never_collected())
    for status, bucket in ((S.RELEASED, B.ALLOCATED), (S.PACKED, B.PACKED)):
        late = shop(status, bucket, due_at=NOW)
        expire_work("ord_a-1", floor(late, timedelta(hours=1)))
        yield from of_ledger(late)


def supplied() -> FakeLedger:
    """Work of a supplier, not released yet."""
    ledger = shop(S.ASSIGNED, B.ALLOCATED)
    ledger.open(location("RENO", type=LocationType.SUPPLIER))
    ledger.suppliers["RENO"] = Supplier("RENO", Transport.FILE)
    return ledger


class _Channel:
    """One that takes every shipment, whoever's turn it is."""

    def tell(self, *told: object) -> str:
        return "gid://shopify/Fulfillment/1"

    def take(self, name: str) -> bool:
        return True

    def give_back(self, name: str) -> None:
        """Anybody may."""


def _tell_channel(ledger: FakeLedger) -> None:
    confirm_shipment("ord_a-1", Confirming(floor(ledger), _Channel(), _Channel()))


def carried(statuses: Iterable[str], then: str) -> FakeLedger:
    """A parcel that its carrier tells of, and what somebody makes of it."""
    ledger = shop(S.PACKED, B.PACKED)
    shipped = ActionRequest(parcels=(Parcel("1Z999", "UPS", "https://ups.example/1Z999", 900),))
    perform("ship", "ord_a-1", shipped, "ana", None, floor(ledger))
    for hours, status in enumerate(statuses):
        scan("1Z999", status, NOW + timedelta(hours=hours), floor(ledger))
    if then:
        perform(then, "ord_a-1", ActionRequest(), "ana", None, floor(ledger))
    return ledger


class _Carrier:
    """One that sells every label at one price."""

    def label(self, work: FulfillmentOrder, order: Order, number: int, grams: int) -> Parcel:
        cost = Money(834, order.currency)
        return Parcel("1Z998", "UPS", "", grams, label="labels/x.pdf", label_cost=cost)


def labelled() -> FakeLedger:
    """A packed parcel that gets its label."""
    ledger = shop(S.PACKED, B.PACKED)
    label_parcel("ord_a-1", LabelRequest(1, 700), "ana", None, floor(ledger), _Carrier())
    return ledger


def handed_over() -> FakeLedger:
    """A pickup whose customer drives up, and takes it."""
    ledger = shop(S.PACKED, B.PACKED, method=Method.CURBSIDE)
    for action, request in (
        ("ready", ActionRequest()),
        ("arrive", ActionRequest(bay="3", vehicle="blue van")),
        ("collect", ActionRequest(identity_checked=True)),
    ):
        perform(action, "ord_a-1", request, "ana", None, floor(ledger))
    return ledger


def never_collected() -> FakeLedger:
    """A pickup that nobody comes for."""
    ledger = shop(S.PACKED, B.PACKED, method=Method.PICKUP)
    perform("ready", "ord_a-1", ActionRequest(), "ana", None, floor(ledger))
    for days in (6, 9):
        expire_work("ord_a-1", floor(ledger, timedelta(days=days)))
    return ledger


def withdrawal_events() -> Iterator[Event]:
    """Cancelled units that are taken back, asked back, and refused."""
    for status, bucket in ((S.RELEASED, B.ALLOCATED), (S.PACKED, B.PACKED), (S.SHIPPED, B.SHIPPED)):
        ledger = shop(status, bucket, withdraw={"1": 1})
        withdraw_units("ord_a", floor(ledger))
        yield from of_ledger(ledger)


def relief_events() -> Iterator[Event]:
    """Work that goes elsewhere since goods are missing, and since there is too much of it."""
    shelf = Shelf()
    shelf.add(S.RELEASED, 1)
    shelf.lose(1)
    relieve(MUG, PLACE, shelf, shelf.floor)
    shelf.add(S.RELEASED, 1, capacity_day=NOW.date())
    shelf.ledger.states[PLACE] |= {"daily_capacity": 0, f"left#{NOW.date()}": -1}
    lighten(PLACE, shelf, shelf, shelf.floor)
    yield from of_ledger(shelf.ledger)


def shipment_events() -> Iterator[Event]:
    """Three orders of one customer of which one is split off, and another is held back."""
    house = House()
    for name in ("ord_a-1", "ord_c-1", "ord_d-1"):
        house.add(name, S.ASSIGNED, due_at=NOW)
    house.merge("ord_d-1")
    house.act("split", "ord_c-1")
    house.act("accept", "ord_a-1")
    house.as_one("pick", "ord_a-1")
    yield from of_ledger(house.ledger)


def network_events() -> Iterator[Event]:
    """A location that is described, described again, can do less, and is switched off and on."""
    network = _Network()
    for capacity in (None, 5, 4):
        places = location("RENO", daily_capacity=capacity)
        put_location(places, network, frozen(NOW), "ana")
    until = NOW + timedelta(hours=1)
    off = Switch("RENO", False, OpenWork.REROUTE, until, "flood")
    for wanted in (off, Switch("RENO", True)):
        switch(wanted, network, frozen(NOW), "ana")
    assert network.record
    for entry in network.record.history:
        yield location_event("RENO", entry.seq, entry.at, entry.actor, entry.data)


def rule_set_events() -> Iterator[Event]:
    """A version that is tried, activated, and taken back."""
    ports, ana = desk(), Step("ana", "season")
    draft = put_draft("peak", RuleSet(), ports, "ana")
    shadow(draft, ana, ports)
    shadow(None, ana, ports)
    activate(draft, ana, ports)
    revert("peak", ana, ports)
    yield from map(rule_set_event, ports.book.in_force().history)


def movement() -> Event:
    """A row of the stock ledger as stored."""
    change = StockChange(
        Sku("MUG"),
        LocationId("RENO"),
        Cause.ALLOCATION,
        reserved=1,
        references=({"fulfillment_order_id": "ord_a-1", "quantity": 1},),
    )
    put = movement_put("InventoryTable", change, Commit("c1", NOW, "routing", stock=(change,)))
    return movement_event(unmarshal(put["Put"]["Item"]))


def shop(
    status: S, bucket: B, withdraw: Mapping[str, int] | None = None, **rest: Any
) -> FakeLedger:
    """One order of a mug, and its work at RENO."""
    ledger = FakeLedger()
    ledger.open(location("RENO"))
    ledger.stock("MUG", "RENO", 10, reserved=1)
    ledger.works["ord_a-1"] = work(status=status, **rest)
    bought = line("1", buckets={bucket: 1})
    ledger.orders["ord_a"] = order("ord_a", bought, withdraw=withdraw or {})
    return ledger


def floor(ledger: FakeLedger, later: timedelta = timedelta()) -> Floor:
    """The floor's ports on that ledger."""
    return Floor(ledger, ledger, ledger, ledger, frozen(NOW + later))


def of_ledger(ledger: FakeLedger) -> Iterator[Event]:
    """What the relay would publish of everything in it."""
    for one in ledger.orders.values():
        yield from of_order(one)
    for number, done in enumerate(ledger.works.values(), start=1):
        yield from (order_event(done.order_id, f"FO#{number:06d}", e) for e in done.history)


def of_order(one: Order) -> Iterable[Event]:
    """What the relay would publish of an order."""
    return [order_event(one.order_id, "ORDER", entry) for entry in one.history]


class _Network:
    """One location's record."""

    record: LocationRecord | None = None

    def find(self, location_id: str) -> LocationRecord | None:
        return self.record

    def all(self) -> list[Any]:
        return []

    def save(self, record: LocationRecord, previous: object) -> None:
        self.record = record
