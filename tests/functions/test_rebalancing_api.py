"""Proposals over HTTP: listed, approved into transfers, dismissed; terms and slow stock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from dom.api.identity import Identity
from dom.aws.rebalancing_store import PAGE, TERMS, ProposalStore, TermsStore
from dom.model.clock import system_clock
from dom.model.ids import LocationId, Sku
from dom.model.location import LocationType
from dom.model.rebalancing import Move, Proposal, RebalancingTerms, Slow
from dom.model.scope import Where
from dom.planning.propose import proposals
from support.api import Backend, backend

RENO, CHI = LocationId("RENO"), LocationId("CHI")
FREE = RebalancingTerms(TERMS, 28, 1000)
PATH = "/rebalancing-terms"
BODY = {
    "horizon_days": 14,
    "worth": 900,
    "worth_percent": 40,
    "cost_shipment": 1500,
    "cost_unit": 30,
    "gives": {"location_types": ["WAREHOUSE"]},
    "takes": {"location_ids": ["CHI"], "groups": ["west"]},
    "except_skus": [" CUP "],
    "why": "before the holidays",
}


@pytest.fixture
def api() -> Iterator[Backend]:
    with backend() as made:
        for place in ("RENO", "CHI", "NYC"):
            made.put_location(place)
        made.call("PUT", "/inventory/RENO/MUG", {"on_hand": 10})
        yield made


def store(api: Backend) -> ProposalStore:
    return ProposalStore(api.dynamodb, api.environment["INVENTORY_TABLE"])


def propose(api: Backend, units: int = 4, to: str = CHI) -> Proposal:
    """As the night does it."""
    line = Move(Sku("MUG"), RENO, LocationId(to), units, 700, 50.0, 30.0, 0.0, 4.0)
    (made,) = proposals([line], FREE, system_clock().date())
    store(api).add([made])
    return made


def decide(api: Backend, one: Proposal, action: str = "approve", **rest: Any) -> Any:
    return api.call("POST", f"/rebalancing/{one.id}/{action}", **rest)


def test_a_proposal_is_listed_and_approved_into_one_transfer(api: Backend) -> None:
    one = propose(api)
    (shown,) = api.call("GET", "/rebalancing").json["proposals"]
    assert shown == {
        "id": one.id,
        "made_on": one.made_on.isoformat(),
        "status": "proposed",
        "from_location_id": "RENO",
        "location_id": "CHI",
        "gain": 700,
        "lines": [
            {
                "sku": "MUG",
                "units": 4,
                "gain": 700,
                "from_days": 50.0,
                "from_days_after": 30.0,
                "to_days": 0.0,
                "to_days_after": 4.0,
            }
        ],
        "decided_by": None,
        "transfer_id": None,
        "version": 1,
    }
    # WHEN it is approved, twice
    done, again = decide(api, one), decide(api, one)
    assert (done.status, done.json["status"], done.json["decided_by"]) == (200, "approved", "admin")
    assert again.json == done.json
    # THEN there is one transfer of it
    transfer = api.call("GET", f"/transfers/{done.json['transfer_id']}").json
    assert (transfer["from_location_id"], transfer["location_id"]) == ("RENO", "CHI")
    assert [(line["sku"], line["ordered"]) for line in transfer["lines"]] == [("MUG", 4)]
    listed = api.call("GET", "/transfers", query={"location_id": "CHI"}).json["orders"]
    assert [order["id"] for order in listed] == [transfer["id"]]
    refused = decide(api, one, "dismiss")
    assert (refused.status, refused.json["found"]) == (409, "approved")


def test_stock_that_has_gone_makes_no_transfer(api: Backend) -> None:
    one = propose(api, units=11)
    assert decide(api, one).json["status"] == "stale"
    assert api.call("GET", "/transfers", query={"location_id": "CHI"}).json["orders"] == []


def test_what_is_dismissed_stays_so(api: Backend) -> None:
    one = propose(api)
    assert decide(api, one, "dismiss").json["transfer_id"] is None
    assert decide(api, one).status == 409
    assert decide(api, one, "burn").status == 404
    assert api.call("POST", "/rebalancing/2026-01-01-" + "a" * 20 + "/approve").status == 404
    assert api.call("POST", "/rebalancing/x/approve").status == 404


def test_a_store_sees_what_it_gives_or_takes_and_decides_of_nothing(api: Backend) -> None:
    mine, _ = propose(api), propose(api, to="NYC")
    chicago = Identity("chi", frozenset({"inventory:read", "inventory:write"}), frozenset({"CHI"}))
    shown = api.call("GET", "/rebalancing", caller=chicago).json["proposals"]
    assert [one["id"] for one in shown] == [mine.id]
    assert decide(api, mine, caller=chicago).status == 403


def test_proposals_come_in_pages_the_newest_day_first(api: Backend) -> None:
    one = propose(api)
    many = [replace(one, id=f"2026-01-{n:02}-{'a' * 20}") for n in range(1, PAGE + 2)]
    store(api).add(many)
    first = api.call("GET", "/rebalancing").json
    rest = api.call("GET", "/rebalancing", query={"next": first["next"]}).json
    ids = [x["id"] for page in (first, rest) for x in page["proposals"]]
    assert ids == [one.id, *(x.id for x in reversed(many))]
    assert rest["next"] is None
    assert api.call("GET", "/rebalancing", query={"next": "x"}).status == 400


def test_terms_are_described_read_as_the_night_reads_them_and_removed(api: Backend) -> None:
    assert api.call("GET", PATH).status == 404
    made = api.call("PUT", PATH, BODY).json
    assert (made["version"], made["least_gain"], made["slow_days"]) == (1, 1, 120)
    assert made["gives"]["location_types"] == ["warehouse"]
    assert api.call("PUT", PATH, BODY).json == api.call("GET", PATH).json == made
    read = TermsStore(api.dynamodb, api.environment["NETWORK_TABLE"]).find(TERMS)
    assert read == RebalancingTerms(
        TERMS,
        14,
        900,
        40,
        1500,
        30,
        gives=Where(types=frozenset({LocationType.WAREHOUSE})),
        takes=Where(frozenset({CHI}), frozenset({"west"})),
        except_skus=frozenset({Sku("CUP")}),
        why="before the holidays",
    )
    assert api.call("DELETE", PATH).status == 200
    assert api.call("DELETE", PATH).status == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"worth": -1}, "worth"),
        ({"cost_unit": 0}, "cost_unit"),
        ({"horizon_days": 0}, "horizon_days"),
        ({"gives": {"location_ids": ["a/b"]}}, "gives.location_ids.0"),
        ({"takes": {"location_types": ["shed"]}}, "takes.location_types.0"),
        ({"takes": {"location": "CHI"}}, "takes.location"),
        ({"except_skus": ["A", "\u0000"]}, "except_skus.1"),
        ({"lane": 1}, "lane"),
    ],
)
def test_terms_that_cannot_be_are_named(api: Backend, change: dict[str, Any], field: str) -> None:
    reply = api.call("PUT", PATH, {**BODY, **change})
    assert (reply.status, [one["field"] for one in reply.json["errors"]]) == (400, [field])


def test_slow_stock_is_the_newest_list(api: Backend) -> None:
    assert api.call("GET", "/slow-stock").status == 404
    day = system_clock().date()
    store(api).list_slow(day, [Slow(Sku("MUG"), 40, 200.0, 9000), Slow(Sku("HAT"), 4, None, 0)])
    assert api.call("GET", "/slow-stock").json == {
        "made_on": day.isoformat(),
        "skus": [
            {"sku": "MUG", "units": 40, "days": 200.0, "value": 9000},
            {"sku": "HAT", "units": 4, "days": None, "value": 0},
        ],
    }
