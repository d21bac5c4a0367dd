"""Shows what became of the demo's orders, in a table that a person understands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from tools.demo_model import GONE, NO_ORDER, Json
from tools.demo_orders import SHOP_TIME
from tools.demo_play import Play

WIDTH = 120
STYLES = {
    "allocated": "green",
    "partially_allocated": "yellow",
    "fulfilled": "green",
    "partially_fulfilled": "green",
    "closed": "green",
    "open": "yellow",
    "held": "yellow",
    "cancelled": "dim",
    NO_ORDER: "red",
}
COLUMNS: tuple[tuple[str, Literal["left", "right"], int | None], ...] = (
    ("Order", "left", 30),
    ("Ships from", "left", 23),
    ("km", "right", 5),
    ("Cost", "right", 6),
    ("Promised", "left", 8),
    ("CO2e", "right", 6),
    ("Why", "left", None),
)


def orders_table(plays: Iterable[Play], locations: Mapping[str, Json]) -> Table:
    """One block per order, one row per FulfillmentOrder."""
    table = Table(box=box.SIMPLE_HEAD, width=WIDTH, pad_edge=False, padding=(0, 1, 0, 0))
    for header, justify, width in COLUMNS:
        table.add_column(
            header, justify=justify, width=width, ratio=None if width else 1, overflow="fold"
        )
    for play in plays:
        _add_block(table, play, locations)
        table.add_section()
    return table


def _add_block(table: Table, play: Play, locations: Mapping[str, Json]) -> None:
    order_cell = _order_cell(play)
    rows = [
        _work_row(play, fo, locations) for fo in (play.order or {}).get("fulfillment_orders", [])
    ]
    for row in rows or [["", "", "", "", "", reason_without_work(play)]]:
        table.add_row(order_cell, *row)
        order_cell = Text("")


def _order_cell(play: Play) -> Text:
    status = play.order["status"] if play.order else NO_ORDER
    cell = Text()
    cell.append(f"{play.body['name']} ", style="bold")
    cell.append(f"{play.scenario.title}\n")
    cell.append(status.upper().replace("_", " "), style=STYLES.get(status, ""))
    if place := _destination(play):
        cell.append(f" → {place}", style="dim")
    if play.failures:
        cell.append("\nNOT AS EXPECTED", style="bold red")
    return cell


def _destination(play: Play) -> str:
    address = play.bodies[play.scenario.events[0]]["shipping_address"]
    return f"{address['city']} {address['province_code']}" if address else ""


def _work_row(play: Play, work: Json, locations: Mapping[str, Json]) -> list[Text | str]:
    gone = work["status"] in GONE
    cell = Text(style="dim" if gone else "")
    cell.append(_place(work["location_id"], locations), style="bold" if not gone else "")
    cell.append(f"\n{units(play, work)}")
    if work["status"] not in ("assigned", "released"):
        cell.append(f"\n{work['status']}", style="red" if gone else "green")
    why = play.run.product(str(work.get("why") or ""))
    values = [_km(work), _cost(work), _day(work), _co2e(work), why]
    return [cell, *(Text(value, style="dim" if gone else "") for value in values)]


def _place(location_id: str, locations: Mapping[str, Json]) -> str:
    city = locations.get(location_id, {}).get("address", {}).get("city", "")
    return f"{city} {location_id}".strip()


def units(play: Play, work: Json) -> str:
    """What is in a FulfillmentOrder: `1 BOOT-TRAIL-42, 2 SOCK-WOOL-M`."""
    found: Counter[str] = Counter()
    for line in work["lines"]:
        found[play.run.product(line["sku"])] += line["quantity"]
    return ", ".join(f"{quantity} {product}" for product, quantity in found.items())


def _km(work: Json) -> str:
    return "?" if work.get("distance_km") is None else f"{work['distance_km']:,.0f}"


def _cost(work: Json) -> str:
    return f"${work['cost']['amount'] / 100:.2f}"


def _day(work: Json) -> str:
    if not work.get("delivers_by"):
        return "?"
    day = datetime.fromisoformat(work["delivers_by"]).astimezone(SHOP_TIME)
    return f"{day:%b} {day.day}"


def _co2e(work: Json) -> str:
    grams = work["co2e_grams"]
    return f"{grams} g" if grams < 1000 else f"{grams / 1000:.1f} kg"


def reason_without_work(play: Play) -> str:
    """Why an order has no FulfillmentOrder, in a few words."""
    if play.order is None:
        return "answered 401: the signature is wrong"
    if play.order["status"] == "held":
        return f"held, {play.order['hold_reason']}: {play.order.get('hold_detail')}"
    decisions = play.order.get("decisions") or []
    if decisions and decisions[-1].get("why"):
        return play.run.product(str(decisions[-1]["why"]))
    return {"closed": "nothing to ship", "cancelled": "cancelled before it was allocated"}.get(
        play.order["status"], ""
    )


def findings(checks: Iterable[tuple[str, str, bool]]) -> Group:
    """Checks after the table: (what, what was found, whether it is right)."""
    grid = Table.grid(padding=(0, 2))
    for what, found, right in checks:
        mark = Text("ok", style="green") if right else Text("WRONG", style="bold red")
        grid.add_row(mark, Text(what), Text(found, style="dim"))
    return Group(grid)
