"""The ways to a supplier: what each of them says, and that a repeat says the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from dom.carriers.port import Party
from dom.errors import Busy, Rejected
from dom.http.signed import SigningKey
from dom.model.supplier import Supplier, Transport
from dom.suppliers import TRANSPORTS
from dom.suppliers.port import Endpoint, MessageLine, Outside, SupplierMessage
from dom.suppliers.render import as_csv, as_json
from support.builders import NOW
from support.partners import partner

from tools.supplier_stand_in import SupplierStandIn, supplier_stand_in

ZOE = Party("Zoë Ö", "", "1 Main St", "", "Reno", "NV", "89501", "US", "+1 775 555", "zoe@ex.com")
LINES = (MessageLine("1", "MUG", "Blue mug", 2, 450), MessageLine("2", "HAT", "Hat", 1))
MESSAGE = SupplierMessage(
    "ord_a-1.2", "order", "ord_a-1", "ACME", NOW, LINES, "ship", "#1001",
    deliver_by=NOW + timedelta(days=3), acknowledge_by=NOW + timedelta(hours=4), ship_to=ZOE,
)  # fmt: skip


class World:
    """What goes out, by the way it takes."""

    def __init__(self, supplier: SupplierStandIn) -> None:
        self.mails: list[EmailMessage] = []
        self.files: dict[str, str] = {}
        to = Endpoint(f"{supplier.url}/orders", SigningKey("acme-secret", "k2"))
        self.sets: dict[str, tuple[str, str, Sequence[tuple[str, ...]]]] = {}
        self.outside = Outside(
            lambda *_: to,
            self.mails.append,
            self.files.__setitem__,
            lambda name: replace(partner(), id=name),
            self.exchange,
        )

    def exchange(
        self, name: str, kind: str, message_id: str, body: Sequence[tuple[str, ...]]
    ) -> None:
        self.sets[message_id] = (name, kind, body)

    def send(self, transport: Transport, message: SupplierMessage = MESSAGE) -> None:
        address = "wms" if transport is Transport.X12 else "orders@acme.example"
        supplier = Supplier("ACME 1", transport, address)
        TRANSPORTS[transport](supplier, self.outside).send(message)


@pytest.fixture
def supplier() -> Iterator[SupplierStandIn]:
    with supplier_stand_in() as made:
        yield made


def test_a_request_is_signed_and_named_so_that_a_repeat_is_known(supplier: SupplierStandIn) -> None:
    world = World(supplier)
    supplier.lost = 1
    with pytest.raises(Busy):
        world.send(Transport.WEBHOOK)
    world.send(Transport.WEBHOOK)
    assert supplier.repeats == 1
    assert supplier.taken == {"ord_a-1.2": as_json(MESSAGE)}
    assert supplier.units("ord_a-1") == {"MUG": 2, "HAT": 1}


def test_a_request_signed_by_a_key_that_it_does_not_know_is_refused(
    supplier: SupplierStandIn,
) -> None:
    supplier.secret = "another"
    with pytest.raises(Rejected):
        World(supplier).send(Transport.WEBHOOK)


def test_the_message_says_what_it_takes_to_ship_and_no_more() -> None:
    told = as_json(MESSAGE)
    assert told["lines"] == [
        {"line_id": "1", "sku": "MUG", "title": "Blue mug", "quantity": 2, "unit_cost": 450},
        {"line_id": "2", "sku": "HAT", "title": "Hat", "quantity": 1, "unit_cost": None},
    ]
    assert "zoe@ex.com" not in f"{told}{as_csv(MESSAGE)}"
    assert as_json(replace(MESSAGE, kind="cancel", ship_to=None))["ship_to"] is None


def test_a_file_has_a_row_for_each_line_and_one_name(supplier: SupplierStandIn) -> None:
    world = World(supplier)
    for _ in range(2):
        world.send(Transport.FILE)
    ((name, text),) = world.files.items()
    assert name == "ACME%201/ord_a-1.2.csv"
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["sku"], row["quantity"], row["unit_cost"]) for row in rows] == [
        ("MUG", "2", "450"),
        ("HAT", "1", ""),
    ]
    assert (rows[1]["name"], rows[1]["phone"]) == ("Zoë Ö", "+1 775 555")
    assert rows[0]["deliver_by"] == "2026-03-07T15:00:00.000000Z"


@pytest.mark.parametrize("evil", ["=HYPERLINK(1)", "+1+cmd|x", "-2+3", "@SUM(A1)", "\t=1"])
def test_what_customers_write_is_no_formula_in_the_suppliers_spreadsheet(evil: str) -> None:
    text = as_csv(replace(MESSAGE, ship_to=replace(ZOE, name=evil, phone=evil)))
    row = next(csv.DictReader(io.StringIO(text)))
    assert (row["name"], row["phone"]) == (f"'{evil}", f"'{evil}")


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("order", "Purchase order ord_a-1"),
        ("cancel", "Cancellation of purchase order ord_a-1"),
        ("cancel_request", "Please stop purchase order ord_a-1"),
    ],
)
def test_a_mail_is_read_by_people_and_carries_the_file(
    supplier: SupplierStandIn, kind: str, subject: str
) -> None:
    world = World(supplier)
    ship_to = ZOE if kind == "order" else None
    message = replace(MESSAGE, kind=kind, ship_to=ship_to)
    world.send(Transport.EMAIL, message)
    assert world.mails[0].as_bytes().isascii()
    sent = message_from_bytes(world.mails[0].as_bytes(), policy=policy.default)
    assert (sent["To"], sent["Subject"]) == ("orders@acme.example", subject)
    body = sent.get_body()
    assert body
    assert "2 × MUG  Blue mug" in body.get_content()
    assert ("Zoë Ö" in body.get_content()) == (kind == "order")
    (attached,) = sent.iter_attachments()
    assert attached.get_filename() == "ord_a-1.2.csv"
    rows = attached.get_content().replace("\r\n", "\n")
    assert rows == as_csv(message).replace("\r\n", "\n")


def order_940(supplier: SupplierStandIn, message: SupplierMessage) -> list[str]:
    """The set of X12 that a message becomes."""
    world = World(supplier)
    world.send(Transport.X12, message)
    name, kind, body = world.sets[message.id]
    assert (name, kind) == ("wms", "940")
    return ["*".join(one) for one in body]


def test_an_order_by_x12_says_where_what_and_by_when(supplier: SupplierStandIn) -> None:
    message = replace(MESSAGE, location_id="RENO", customer_order="#1001")
    assert order_940(supplier, message) == [
        "W05*N*ord_a-1*#1001",
        "N1*ST*Zoë Ö",
        "N3*1 Main St*",
        "N4*Reno*NV*89501*US",
        "PER*DC*Zoë Ö*TE*+1 775 555",
        "N1*WH*RENO*92*R1",
        "N9*CO*#1001",
        "G62*10*20260304",
        "G62*02*20260307",
        "W66*PP*M***SHIP",
        "LX*1", "W01*2*EA**SK*MUG*UP*012345678905", "G69*Blue mug", "N9*LI*1",
        "LX*2", "W01*1*EA**SK*HAT", "G69*Hat", "N9*LI*2",
        "W76*3",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["cancel", "cancel_request"])
def test_a_cancellation_by_x12_says_all_that_is_left_or_that_nothing_is(
    supplier: SupplierStandIn, kind: str
) -> None:
    gone = replace(MESSAGE, kind=kind, lines=LINES[:1], ship_to=None, deliver_by=None)
    changed = order_940(supplier, replace(gone, left=LINES[1:]))
    assert changed[0] == "W05*R*ord_a-1*#1001"
    assert [one for one in changed if one.startswith(("W01", "W76", "N1*ST"))] == [
        "W01*1*EA**SK*HAT",
        "W76*1",
    ]
    cancelled = order_940(supplier, gone)
    assert (cancelled[0], cancelled[-1]) == ("W05*F*ord_a-1*#1001", "W76*0")
    assert not [one for one in cancelled if one.startswith("W01")]


def test_what_x12_has_no_room_for_is_cut_and_streets_go_on(supplier: SupplierStandIn) -> None:
    far = Party(company="C" * 80, street1="S" * 70, street2="Back door", city="T" * 40)
    sent = order_940(supplier, replace(MESSAGE, ship_to=far, number=f"ord_{'a' * 20}-12"))
    assert sent[0] == f"W05*N*{'A' * 20}C*#1001"
    assert sent[1:4] == [
        f"N1*ST*{'C' * 60}",
        f"N3*{'S' * 55}*{'S' * 15} Back door",
        f"N4*{'T' * 30}***",
    ]
