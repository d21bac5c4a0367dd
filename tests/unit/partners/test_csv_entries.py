"""CSV of the shapes that HotWax's exports have, by any names of columns; each order by itself."""

from __future__ import annotations

from typing import Any

import pytest
from dom.errors import InvalidInput
from dom.model.fulfillment import RejectReason
from dom.model.ids import LocationId
from dom.model.partner import PartnerFormat
from dom.model.told import AcceptanceTold, ParcelTold, RejectionTold, ShipmentTold
from dom.partners.commands import Entry
from dom.partners.read_file import read_file
from hypothesis import given
from hypothesis import strategies as st
from support.partners import partner

HEAD = (
    "orderId,orderItemSeqId,externalFacilityId,shippedDate,quantity,trackingNumber,carrier,"
    "shippingMethod,shippingMethodId"
)
REFUSED = "orderId,orderItemSeqId,rejectionComments,rejectionReason"


def entries(*rows: str, end: str = "\n", **changes: Any) -> list[Entry]:
    made = partner(format=PartnerFormat.CSV, **changes)
    found, answers = read_file(end.join(rows).encode(made.encoding), made)
    assert list(answers) == []
    return found


def parcels(found: Entry) -> list[tuple[str, list[tuple[str, int]]]]:
    assert found.problem == ""
    (told,) = found.commands
    assert isinstance(told, ShipmentTold) and not told.whole
    return [
        (x.tracking_number, [(one.line_id, one.quantity) for one in x.units]) for x in told.parcels
    ]


def test_rows_of_an_order_are_its_parcels_wherever_they_stand() -> None:
    first, second = entries(
        HEAD,
        'ord_a,1,R1,2026-11-20,2,1Z1,"UPS, Inc",Ground,1',
        "ord_b,1,R1,2026-11-20,1,1Z3,UPSN,Ground,1",
        'ord_a,1,R1,2026-11-20,1.0,1Z1,"UPS, Inc",Ground,1',
        'ord_a,02,R1,2026-11-20,4,1Z2,"UPS, Inc",Ground,1',
        "",
    )
    assert parcels(first) == [("1Z1", [("1", 3)]), ("1Z2", [("02", 4)])]
    assert parcels(second) == [("1Z3", [("1", 1)])]
    (told,) = first.commands
    assert isinstance(told, ShipmentTold)
    assert (told.work.number, told.work.locations) == ("ord_a", frozenset({"RENO"}))
    assert told.parcels[0].carrier == "UPS, Inc"
    assert first.claim == "", "what is told again adds nothing: its parcels say so"


def test_files_of_spreadsheets_and_of_windows_are_read() -> None:
    changes = {"delimiter": "\t", "encoding": "utf-16"}
    rows = ("\ufeffOrder\tLine\tQUANTITY", "ord_a\t0001\t3")
    (found,) = entries(*rows, end="\r\n", columns={"order": "Order", "line": "Line"}, **changes)
    assert parcels(found) == [("", [("0001", 3)])]
    old = entries(
        "orderId,lineId,locationInternalId,quantity,shipmentMethodTypeId", "a,1,RENO,2,STD"
    )
    assert parcels(old[0]) == [("", [("1", 2)])]
    by_sku = entries("orderId,sku,quantity", "a,MUG,2")[0]
    assert by_sku.commands[0].units[0].sku == "MUG"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('ord_a,1,R1,,"1,000",1Z1,UPSN,,', "quantity (row 2): it is no whole number of units"),
        ("ord_a,1,R1,,-3,1Z1,UPSN,,", "quantity (row 2): it is no whole number of units"),
        ("ord_a,1,R1,,0,1Z1,UPSN,,", "quantity (row 2): it is no whole number of units"),
        ("ord_a,1,R1,,,1Z1,UPSN,,", "quantity (row 2): it is missing"),
        ("ord_a,1,O1,,3,1Z1,UPSN,,", "location (row 2): the partner is not known to have O1"),
        (",1,R1,,3,1Z1,UPSN,,", "order (row 2): it is missing"),
        ("ord_a,,R1,,3,1Z1,UPSN,,", "sku (row 2): it is missing"),
        ("ord_a,1,R1,,3,1Z1,UPSN", "row 2: 7 fields, not 9 as in the header"),
    ],
)
def test_a_bad_row_is_named_and_costs_its_order_only(row: str, reason: str) -> None:
    first, second = entries(HEAD, row, "ord_b,1,R1,,1,1Z3,UPSN,,")
    assert first.problem.startswith(reason)
    assert parcels(second) == [("1Z3", [("1", 1)])]


def test_refused_lines_with_commas_that_nobody_quoted_and_with_words_of_theirs() -> None:
    found = entries(
        REFUSED,
        "ord_a,1,gone, all of it, sorry,NOT_IN_STOCK",
        "ord_a,2,,DAMAGE",
        "ord_b,1,,",
        "ord_b,2,,BROKEN",
        "ord_b,3,,WHO_KNOWS",
        reject_reasons={"BROKEN": RejectReason.WORN_DISPLAY},
    )
    told = [one.commands[0] for one in found[:4]]
    reasons = [one.reason for one in told if isinstance(one, RejectionTold)]
    R = RejectReason
    assert reasons == [R.NOT_IN_STOCK, R.DAMAGED, R.NOT_IN_STOCK, R.WORN_DISPLAY]
    assert found[4].problem == "reason (row 6): WHO_KNOWS is no reason that we know"


def test_acknowledged_orders() -> None:
    (found,) = entries("orderId,orderIdentificationTypeId,idValue", "ord_a,NETSUITE_ORDER_ID,77")
    (told,) = found.commands
    assert isinstance(told, AcceptanceTold)
    assert told.work.locations == frozenset({LocationId("RENO"), LocationId("BOSTON")})


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (("",), "file: it is empty"),
        (("name,price", "a,1"), "file: it has no column of orders"),
        (("orderId,errorMessage", "a,no"), "file: its columns do not say whether it tells"),
    ],
)
def test_what_is_no_such_file_is_refused(rows: tuple[str, ...], reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        entries(*rows)
    with pytest.raises(InvalidInput, match="column 'Nr' is not in the header"):
        entries(HEAD, columns={"order": "Nr"})


@given(st.data())
def test_whatever_becomes_of_a_file_it_is_read_or_refused_by_name(data: st.DataObject) -> None:
    text = "\n".join((HEAD, "ord_a,1,R1,2026-11-20,2,1Z1,UPSN,Ground,1", "ord_b,1,R1,,1,,,,"))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text = (
            text[:at] + data.draw(st.text(max_size=4)) + text[at + data.draw(st.integers(0, 9)) :]
        )
    body = text.encode("utf-8", "surrogatepass")
    assert named(body) <= {"read", "file"}


def named(body: bytes) -> set[str]:
    try:
        found, _ = read_file(body, partner(format=PartnerFormat.CSV))
    except InvalidInput as refused:
        return {refused.field}
    assert all(one.problem or one.commands for one in found)
    return {"read"}


def test_a_parcel_is_one_by_its_number() -> None:
    (found,) = entries(HEAD, "a,1,R1,,1,1Z1,UPSN,,", "a,2,R1,,1,1Z1,UPSN,,")
    (told,) = found.commands
    assert isinstance(told, ShipmentTold)
    assert [type(one) for one in told.parcels] == [ParcelTold]
