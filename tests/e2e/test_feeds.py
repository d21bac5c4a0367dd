"""Files of stock on the running stack: dropped in S3, held, let through, refused."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from support.asking import assert_problem, good, until
from support.world import Json, World

from tools.client import path_of
from tools.stand_in import Asked, Told, listening

pytestmark = pytest.mark.e2e
OPEN = {
    f"{name}_percent": None
    for name in ("rows", "units", "changed", "emptied", "unknown", "rejected")
}


class Dock:
    """A source of this test alone, and its files."""

    def __init__(self, stack: dict[str, Any]) -> None:
        self.world = World(stack)
        self.name = f"wms-{self.world.tag}"
        self.s3 = self.world.back.client("s3")
        self.bucket = stack["feeds_bucket"]

    def describe(self, **changes: Any) -> None:
        """How its files are read."""
        body = {"mode": "snapshot", "columns": {"sku": "Item"}, "gate": OPEN, **changes}
        good(self.world.api.call("PUT", path_of("feeds", self.name), body))

    def drop(self, name: str, *rows: str, packed: bool = False) -> Json:
        """Drop a file; the run, once nothing happens to it any more by itself."""
        body = "\r\n".join(["Item,location_id,quantity", *rows, ""]).encode("utf-8-sig")
        key = f"in/{self.name}/{name}"
        self.s3.put_object(
            Bucket=self.bucket, Key=key, Body=gzip.compress(body) if packed else body
        )
        return self.ended(key)

    def ended(self, key: str) -> Json:
        """The newest run of a file that has come to rest."""

        def rests(run: Json) -> bool:
            return run.get("status", "received") not in {"received", "applying"}

        return until(lambda: self.newest(key), rests)

    def newest(self, key: str) -> Json:
        """The newest run of a file; {} while there is none."""
        page = good(self.world.api.call("GET", path_of("feeds", self.name, "runs"))).json
        return next((one for one in page["runs"] if one["file"] == key), {})

    def assert_on_hand(self, sku: str, wanted: dict[str, int]) -> None:
        """The SKU's positions, once the documents that name them have followed."""

        def found() -> dict[str, int]:
            positions = good(self.world.api.stock(sku)).json["positions"]
            return {one["location_id"]: one["on_hand"] for one in positions}

        until(found, lambda one: one == wanted)

    def ask(self, method: str, run: Json, *action: str) -> Any:
        """Of a run."""
        path = path_of("feeds", self.name, "runs", run["run_id"], *action)
        return self.world.api.call(method, path)


def test_a_dropped_file_becomes_stock_and_its_bad_rows_can_be_read(stack: dict[str, Any]) -> None:
    # GIVEN a source, and two warehouses
    dock = Dock(stack)
    world = dock.world
    place, other = world.location("FILE"), world.location("FILE2")
    sku = world.sku()
    dock.describe()
    # WHEN a packed file of theirs is dropped, one row of which is wrong
    rows = [f'"{sku}",{place},7', f'"{sku}",{other},8', f'"{sku}",MARS,1']
    run = dock.drop("stock 1, caf\xe9.csv.gz", *rows, packed=True)
    # THEN
    assert (run["status"], run["tally"]["accepted"], run["tally"]["rejected"]) == ("applied", 2, 1)
    dock.assert_on_hand(sku, {place: 7, other: 8})
    world.assert_ledger_sums_up(sku, place)
    # AND the link opens what was not used, for whoever has it
    link = good(dock.ask("GET", run)).json["rejects"]
    page = world.api.pool.request("GET", link).data.decode().splitlines()
    assert page[1:] == ["4,location_id,this location does not exist,MARS"]


def test_a_file_that_empties_the_shelves_waits_for_a_person(stack: dict[str, Any]) -> None:
    # GIVEN stock by a file, and then a gate
    dock = Dock(stack)
    world = dock.world
    place = world.location("GATE")
    skus = [world.sku(f"S{n}") for n in range(3)]
    dock.describe()
    dock.drop("first.csv", *(f'"{sku}",{place},5' for sku in skus))
    dock.describe(gate={**OPEN, "emptied_percent": 50, "least": 2}, complete=True)
    # WHEN a complete file names one of three SKUs
    run = dock.drop("second.csv", f'"{skus[0]}",{place},6')
    # THEN nothing is written
    assert (run["status"], run["reasons"]) == (
        "held",
        ["2 of 3 positions are emptied: over 50 %"],
    )
    for sku in skus:
        dock.assert_on_hand(sku, {place: 5})
    # WHEN a person lets it through
    assert good(dock.ask("POST", run, "approve")).status == 202
    done = dock.ended(run["file"])
    # THEN it is
    assert (done["status"], done["tally"]["accepted"]) == ("applied", 3)
    for sku, units in zip(skus, (6, 0, 0), strict=True):
        dock.assert_on_hand(sku, {place: units})
    assert_problem(dock.ask("POST", run, "dismiss"), 409)


def test_a_source_is_asked_and_its_answer_becomes_stock(stack: dict[str, Any]) -> None:
    # GIVEN a vendor with two pages, whose key is in the secret
    dock = Dock(stack)
    world = dock.world
    place, sku = world.location("PULL"), world.sku()

    def answer(asked: Asked) -> Told:
        if asked.headers.get("x-key") != world.tag:
            return Told(401, None)
        first = "page=2" not in asked.path
        row = {"Item": sku if first else f"{sku}b", "location_id": place, "quantity": 3}
        return Told(200, {"rows": [row], "next": "/stock?page=2" if first else None})

    with listening(answer) as url:
        secret = json.dumps({"headers": {"X-Key": world.tag}, "url": f"{url}/stock"})
        name = f"{stack['stack']}/feeds/{dock.name}"
        world.back.client("secretsmanager").create_secret(Name=name, SecretString=secret)
        pull = {"url": "https://vendor.example/stock", "items": "rows", "following": "next"}
        dock.describe(format="ndjson", pull=pull)
        # WHEN
        world.back.invoke("feed_puller")
    # THEN
    dock.assert_on_hand(sku, {place: 3})
    pulled = good(world.api.call("GET", path_of("feeds", dock.name))).json["pulled"]
    assert (pulled["failures"], pulled["reason"]) == (0, "")


def test_a_file_that_cannot_be_used_says_why_and_the_same_changes_count_once(
    stack: dict[str, Any],
) -> None:
    dock = Dock(stack)
    world = dock.world
    place, sku = world.location("ONCE"), world.sku()
    dock.describe(mode="delta")
    assert "none of its 1 rows" in dock.drop("bad.csv", f'"{sku}",{place},x')["reasons"][0]
    assert dock.drop("a.csv", f'"{sku}",{place},4')["status"] == "applied"
    again = dock.drop("b.csv", f'"{sku}",{place},4')
    assert (again["status"], "the same changes" in again["reasons"][0]) == ("refused", True)
    dock.assert_on_hand(sku, {place: 4})
