"""FedEx's codes of scans and of states, in the words by which scans are known here.

https://developer.fedex.com/api/en-us/guides/api-reference.html, tracking status codes.
"""

from __future__ import annotations

from collections.abc import Mapping

from dom.model.facts import UNKNOWN_SCAN

DELIVERED, BACK = "delivered", "return_to_sender"
# An exception (DE, SE) is no end: it is tried again, or says RS.
_MOVING = (
    "AA AC AD AF AO AP AR AX CC CD CP CU DD DE DP DS DY EA ED EO EP FD IT IX LO LP OF OX "
    "PD PF PL PM PU PX RP RR SE SF SP TR"
)
_SCANS: Mapping[str, str] = {
    **dict.fromkeys(_MOVING.split(), "in_transit"),
    "OC": "pre_transit",
    "IN": "pre_transit",
    "OD": "out_for_delivery",
    "HL": "available_for_pickup",
    "HP": "available_for_pickup",
    "DL": DELIVERED,
    "RS": BACK,
    "CA": "cancelled",
}


def scan_of(code: str, state: str) -> str:
    """By what happened, else by the state that FedEx derives from it; unknown if by neither."""
    return _SCANS.get(code.upper()) or _SCANS.get(state.upper()) or UNKNOWN_SCAN
