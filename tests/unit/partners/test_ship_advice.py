"""945: what left by which parcel, in units of ours; what cannot be understood is named."""

from __future__ import annotations

from typing import Any

import pytest
from dom.model.depositor import depositor_number, work_number
from dom.model.ids import order_id_for
from dom.model.partner import Partner, PartnerFormat
from dom.model.told import ParcelTold, ShipmentTold
from dom.partners.commands import Entry
from dom.partners.x12_entries import entries_of
from dom.x12.read import read
from support.partners import advice, partner, x12


def entries(text: str, **changes: Any) -> list[Entry]:
    return list(entries_of(read(text), partner(**changes)))


def told(text: str, **changes: Any) -> ShipmentTold:
    (entry,) = entries(text, **changes)
    assert entry.problem == ""
    (command,) = entry.commands
    assert isinstance(command, ShipmentTold)
    return command


def units(found: ShipmentTold) -> list[tuple[str | None, int]]:
    return [(one.sku, one.quantity) for one in found.units]


def test_units_parcels_carrier_and_place() -> None:
    found = told(x12(advice("ord_a-1", "3*3*0*EA**SK*MUG", "2*1*1*EA**SK*HAT")))
    assert (found.work.number, found.work.locations) == ("ord_a-1", frozenset({"RENO"}))
    assert (units(found), found.whole) == ([("MUG", 3), ("HAT", 1)], True)
    assert found.parcels == (ParcelTold("1Z9", "UPSN"),)
    assert found.units[0].where == "W12 (segment 10)"


def test_lots_of_one_sku_in_loops_of_their_own_add_up_and_cases_are_counted_in_units() -> None:
    lots = ("24*1*1*CA**UP*012345678905*LOT1", "24*12*0*EA**SK*MUG*LOT2")
    assert units(told(x12(advice("a-1", *lots)))) == [("MUG", 12), ("MUG", 12)]


def test_nothing_shipped_needs_no_case_pack_and_a_blank_is_nothing_where_all_is_missing() -> None:
    found = told(x12(advice("a-1", "3*0*3*CS**SK*HAT", "2**2*EA**SK*MUG")))
    assert units(found) == [("HAT", 0), ("MUG", 0)]


def test_a_loops_own_number_says_what_is_in_the_parcel() -> None:
    kind, body = advice("a-1", "3*3*0*EA**SK*MUG", "2*2*0*EA**SK*HAT")
    at = body.index("LX*2")
    loops = [*body[:at], "MAN*GM*00199**CP*1Z7", *body[at:], "N9*2I*1Z8"]
    found = told(x12((kind, [one for one in loops if one != "N9*2I*1Z9"])))
    held = [
        (one.tracking_number, [(x.sku, x.quantity) for x in one.units]) for one in found.parcels
    ]
    assert held == [("1Z7", [("MUG", 3)]), ("1Z8", [("HAT", 2)])]


def test_one_that_leaves_lx_out_is_understood_and_an_empty_place_is_any_of_the_partners() -> None:
    body = ["W06*N*a-1*20261120", "W12*CC*1*1*0*EA**SK*MUG"]
    found = told(x12(("945", body)))
    assert (units(found), found.work.locations) == ([("MUG", 1)], frozenset({"RENO", "BOSTON"}))
    assert found.parcels == ()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("3*1*2*CS**SK*HAT", "W12-05 (segment 10): nobody told how many units a case of HAT holds"),
        ("3*1*2*PL**SK*HAT", "W12-05 (segment 10): PL is no unit of measure that we know"),
        ("3*x*2*EA**SK*HAT", "W12-03 (segment 10): it is no whole number of units"),
        ("3*-1*4*EA**SK*HAT", "W12-03 (segment 10): fewer than no units cannot leave"),
        ("3***EA**SK*HAT", "W12-03 (segment 10): it is missing"),
        ("3*3*0*EA", "W12 (segment 10): no name of the item that counts (there are: none)"),
        ("3*3*0*EA**ZZ*HAT", "W12 (segment 10): no name of the item that counts (there are: ZZ)"),
    ],
)
def test_a_line_that_cannot_be_used_refuses_its_set_by_segment_and_position(
    line: str, reason: str
) -> None:
    first, second = entries(x12(advice("a-1", line), advice("a-2", "1*1*0*EA**SK*MUG")))
    assert (first.problem, first.commands, first.claim) == (reason, (), "")
    assert (second.problem, len(second.commands)) == ("", 1)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (["W06*F**20261120"], "W06-02 (segment 4): it is missing"),
        (["N1*SF*Reno*92*R1"], "ST (segment 3): the set has no W06"),
        (["W06*F*a-1"], "W06 (segment 4): it says nothing of what was shipped (no W12)"),
        (
            ["W06*F*a-1", "N1*WH*Oslo*92*O1", "LX*1", "W12*CC*1*1*0*EA**SK*MUG"],
            "N1-04 (segment 5): the partner is not known to have the location O1",
        ),
        (
            ["W06*F*a-1", "LX*1", "W12*BP*2*1*1*EA**SK*MUG"],
            "W12-01 (segment 6): BP: the rest follows, and nobody says when",
        ),
    ],
)
def test_a_set_that_does_not_say_enough_is_refused(body: list[str], reason: str) -> None:
    (entry,) = entries(x12(("945", body)))
    assert entry.problem == reason


def test_tests_and_other_senders_are_not_believed() -> None:
    one = advice("a-1", "1*1*0*EA**SK*MUG")
    (entry,) = entries(x12(one, usage="T"))
    assert entry.problem == "ISA-15 (segment 1): it is a test, other than the partner's files"
    assert entries(x12(one, usage="T"), test=True)[0].problem == ""
    (entry,) = entries(x12(one), theirs=partner().ours)
    assert entry.problem == "ISA-06 (segment 1): WMSCORP is another sender"
    anybody = Partner("x", PartnerFormat.X12, partner().places and next(iter(partner().places)))
    assert [one.problem for one in entries_of(read(x12(one)), anybody)] == [""]


def test_numbers_of_work_fit_into_22_characters_and_are_read_in_any_spelling() -> None:
    order_id = order_id_for("shopify", "shop", "1001")
    for number in (1, 9, 10, 35, 36, 1_295):
        short = depositor_number(f"{order_id}-{number}")
        assert len(short) <= 22
        assert work_number(short) == work_number(short.lower()) == f"{order_id}-{number}"
    assert depositor_number(f"{order_id}-1296") == f"{order_id}-1296"
    for other in ("IF102", "ord_a-1", f"{order_id}-7", ""):
        assert work_number(other) == other
