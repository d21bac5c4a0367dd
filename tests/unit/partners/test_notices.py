"""856 and 997: goods that are announced, and what the partner's system says of what we sent."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from dom.partners.commands import ArrivalTold, Command, Entry, Receipt
from dom.partners.x12_entries import entries_of
from dom.x12.read import read
from support.partners import partner, x12


def entry(kind: str, *body: str, **changes: Any) -> Entry:
    (found,) = entries_of(read(x12((kind, body))), partner(**changes))
    return found


def told(kind: str, *body: str, **changes: Any) -> tuple[Command, ...]:
    found = entry(kind, *body, **changes)
    assert found.problem == ""
    return found.commands


HEAD = ("BSN*00*ASN1*20261120*1010", "HL*1**S", "DTM*011*20261120", "DTM*017*20261124",
        "N1*ST*Reno*92*R1", "HL*2*1*O", "PRF*PO1")  # fmt: skip


def test_goods_are_announced_by_purchase_with_units_of_ours_and_their_day() -> None:
    found = told(
        "856", *HEAD,
        "HL*3*2*P", "MAN*GM*001", "HL*4*3*I", "LIN*1*SK*MUG", "SN1*1*2*CA",
        "HL*5*2*I", "LIN*2*SK*MUG", "SN1*2*1*EA", "HL*6*1*O", "PRF*PO2",
        "HL*7*6*I", "LIN*1*VP*HAT", "SN1*1*6*EA", "CTT*3",
    )  # fmt: skip
    day = date(2026, 11, 24)
    assert found == (
        ArrivalTold("PO1", "ASN1", "RENO", {"MUG": 25}, day),
        ArrivalTold("PO2", "ASN1", "RENO", {"HAT": 6}, day),
    )


def test_what_was_announced_can_be_called_off() -> None:
    head = ("BSN*01*ASN1*20261120*1010", *HEAD[1:])
    (found,) = told("856", *head, "HL*3*2*I", "LIN*1*SK*MUG", "SN1*1*2*EA")
    assert isinstance(found, ArrivalTold) and found.called_off


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (HEAD, "BSN (segment 4): it names no item (no LIN with SN1)"),
        (HEAD[1:], "ST (segment 3): the set has no BSN"),
        (
            ("BSN*04*ASN1",),
            "BSN-01 (segment 4): 04: what was announced is not changed by notice",
        ),
        ((*HEAD, "HL*3*2*I", "LIN*1*SK*MUG"), "HL (segment 11): an item needs both LIN and SN1"),
        (
            (*HEAD, "HL*3*2*I", "LIN*1*SK*MUG", "SN1*1*0*EA"),
            "SN1-02 (segment 13): of nothing no arrival is told",
        ),
        (
            (*HEAD[:4], "N1*ST*Oslo*92*O1"),
            "N1-04 (segment 8): the partner is not known to have the location O1",
        ),
    ],
)
def test_a_notice_that_does_not_say_enough_is_refused(body: tuple[str, ...], reason: str) -> None:
    assert entry("856", *body).problem == reason


def test_receipts_say_what_was_refused_and_why() -> None:
    taken = told("997", "AK1*OW*7", "AK2*940*0007", "AK5*A", "AK9*A*1*1*1")
    assert taken == (Receipt("0007"),)
    refused = told(
        "997", "AK1*OW*7", "AK2*940*0007", "AK3*W01*9**8", "AK4*4**7", "AK5*R*5", "AK9*R*1*1*0"
    )
    assert refused == (Receipt("0007", "AK3*W01*9**8, AK4*4**7, AK5*R*5"),)
    assert told("997", "AK1*OW*7", "AK9*R*1*1*0*5") == (Receipt("7", "AK9*R"),)
    assert told("997", "AK1*OW*7", "AK9*A*1*1*1") == (Receipt("7"),)
    assert entry("997", "AK1*OW*7").problem == "ST (segment 3): the set needs both AK1 and AK9"
    missing = entry("997", "AK1*OW*7", "AK2*940*1", "AK9*A*1*1*1")
    assert missing.problem == "AK2 (segment 5): nothing says what became of it (no AK5)"
