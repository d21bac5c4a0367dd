"""The ways to a supplier: what each of them says, and that a repeat says the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
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
        self.outside = Outside(lambda *_: to, self.mails.append, self.files.__setitem__)

    def send(self, transport: Transport, message: SupplierMessage = MESSAGE) -> None:
        supplier = Supplier("ACME 1", transport, "orders@acme.example")
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
