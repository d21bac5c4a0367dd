"""The table of the demo, with made-up outcomes: readable at 120 columns."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from tools.client import Api, Shop
from tools.demo_network import read_locations
from tools.demo_orders import Run
from tools.demo_play import Play
from tools.demo_report import WIDTH, findings, orders_table
from tools.demo_scenarios import SCENARIOS

RUN, API = Run(), Api("http://127.0.0.1:9")


def played(title: str, **outcome: Any) -> Play:
    """The scenario of that title with an outcome nobody played."""
    (scenario,) = (scenario for scenario in SCENARIOS if scenario.title.startswith(title))
    play = Play(scenario, API, Shop(API, "shop.example", "secret"), RUN)
    if outcome:
        play.order = {"fulfillment_orders": [], "decisions": [], "hold_reason": None, **outcome}
    return play


def work(product: str, location_id: str, **changes: Any) -> dict[str, Any]:
    """A FulfillmentOrder as the API shows it."""
    return {
        "location_id": location_id,
        "status": "released",
        "lines": [{"sku": RUN.sku(product), "quantity": 1}],
        "distance_km": 4123.4,
        "cost": {"amount": 1234, "currency": "USD"},
        "delivers_by": "2026-11-26T03:00:00Z",
        "co2e_grams": 1500,
        "why": "nearest of 2 places that have it",
        **changes,
    }


def printed(*plays: Play) -> str:
    """The table as it comes out on a terminal."""
    console = Console(width=WIDTH)
    with console.capture() as capture:
        console.print(orders_table(plays, read_locations()))
    return capture.get()


def shown(play: Play) -> str:
    """The words of the table, however its cells are wrapped."""
    return " ".join(printed(play).split())


def test_a_row_says_where_from_how_far_for_how_much_until_when_and_why() -> None:
    store_lost = work("KNIFE-FOLD", "STORE-30", status="rejected")
    works = [store_lost, work("KNIFE-FOLD", "STORE-28")]

    words = shown(played("The store rejects", status="allocated", fulfillment_orders=works))

    for part in ("#1016", "ALLOCATED", "Dayton OH", "Cincinnati STORE-30", "rejected"):
        assert part in words
    # 03:00 UTC is still the day before at the shop
    assert "Columbus STORE-28 4,123 $12.34 Nov 25 1.5 kg nearest of 2 places" in words
    assert "1 KNIFE-FOLD " in words  # the article, without the run's tag


def test_unknown_distance_and_promise_are_shown_as_unknown() -> None:
    odd = work("CHAIR-CAMP", "STORE-38", distance_km=None, delivers_by=None, co2e_grams=0)

    assert "? $12.34 ? 0 g" in shown(played("Unpaid", status="allocated", fulfillment_orders=[odd]))


def test_the_whole_table_fits_a_terminal_of_120_columns() -> None:
    works = [work("TENT-2P", "WH-CENTRAL", why="a long reason, " * 9) for _ in range(3)]
    plays = [
        played(scenario.title, status="partially_fulfilled", fulfillment_orders=works)
        for scenario in SCENARIOS
    ]

    assert max(len(line) for line in printed(*plays).splitlines()) <= WIDTH == 120


def test_an_order_without_work_says_why() -> None:
    assert "answered 401" in shown(played("Forged"))
    held = played("Unpaid", status="held", hold_reason="awaiting_payment", hold_detail="pending")
    assert "held, awaiting_payment:" in shown(held)
    why = [{"why": f"no stock anywhere for {RUN.sku('ROPE-60M')}"}]
    backorder = played("Out of stock", status="open", decisions=why)
    words = shown(backorder)
    assert all(word in words for word in ("no stock anywhere", "ROPE-60M"))
    assert RUN.tag not in words


def test_what_went_wrong_stands_out() -> None:
    play = played("Digital", status="open")
    play.failures.append("status is open, expected closed")

    assert "NOT AS EXPECTED" in shown(play)


def test_findings_tell_right_from_wrong() -> None:
    console = Console(width=WIDTH)
    with console.capture() as capture:
        console.print(findings([("Ledger", "30 positions", True), ("Mail", "none", False)]))

    lines = [line.split() for line in capture.get().splitlines()]
    assert lines == [["ok", "Ledger", "30", "positions"], ["WRONG", "Mail", "none"]]
