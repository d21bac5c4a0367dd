"""Files of stock in the demo: one with a bad row, and one that would empty the shelves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tools.client import Api, path_of
from tools.demo_checks import Check
from tools.demo_model import Json, Unexpected
from tools.demo_orders import Run
from tools.demo_play import patiently
from tools.demo_shop import until
from tools.stack import Stack

PLACE, SKUS, UNITS = "STORE-26", 25, 4
# The first file of a source names SKUs that nobody heard of: here that is meant.
GATE = {"unknown_percent": None}


@dataclass(frozen=True)
class Feeds:
    """A source of this run alone; each answer says what came of a file and whether it is right."""

    api: Api
    run: Run
    stack: Stack
    bucket: str

    def all(self) -> Iterator[Check]:
        """A good file, a bad one, and what people decide."""
        try:
            yield from self._files()
        except (Unexpected, KeyError, IndexError, TimeoutError) as error:
            yield "Files of stock", str(error), False

    def _files(self) -> Iterator[Check]:
        how = {"mode": "snapshot", "columns": {"sku": "Item"}, "location_id": PLACE, "gate": GATE}
        patiently(lambda: self.api.call("PUT", path_of("feeds", self._name), how))
        good = self._dropped("monday.csv", [str(UNITS)] * SKUS + ["n/a"])
        tally = good["tally"]
        text = f"{tally['rows']} rows: {tally['accepted']} written, {tally['rejected']} rejected"
        right = (good["status"], tally["accepted"], tally["rejected"]) == ("applied", SKUS, 1)
        yield "A file is dropped", text, right
        held = self._dropped("tuesday.csv", ["0"] * SKUS)
        right = (held["status"], self._on_hand()) == ("held", UNITS)
        yield "The next says 0 everywhere", f"{held['status']}: {held['reasons'][0]}", right
        done = self._dismissed(held)
        text = f"{done['status']} by {done['decided_by']}: {self._on_hand()} of each stay"
        yield "A person looks", text, (done["status"], self._on_hand()) == ("dismissed", UNITS)

    @property
    def _name(self) -> str:
        return f"demo-{self.run.tag}"

    def _sku(self, number: int) -> str:
        return self.run.sku(f"FILE-{number}")

    def _dropped(self, name: str, quantities: list[str]) -> Json:
        """Drop a file of a row for each quantity; its run, once it has come to rest."""
        rows = [f"{self._sku(number)},{units}" for number, units in enumerate(quantities)]
        body, key = "\n".join(["Item,quantity", *rows, ""]), f"in/{self._name}/{name}"
        self.stack.client("s3").put_object(Bucket=self.bucket, Key=key, Body=body.encode())
        return until(
            lambda: self._run(key),
            lambda run: run.get("status", "received") not in {"received", "applying"},
        )

    def _run(self, key: str) -> Json:
        page = patiently(lambda: self.api.call("GET", path_of("feeds", self._name, "runs"))).json
        return next((dict(run) for run in page["runs"] if run["file"] == key), {})

    def _dismissed(self, run: Json) -> Json:
        path = path_of("feeds", self._name, "runs", run["run_id"], "dismiss")
        return patiently(lambda: self.api.call("POST", path)).json

    def _on_hand(self) -> int:
        """Units of one SKU, once the document that names its position has followed."""

        def positions() -> Json:
            return patiently(lambda: self.api.stock(self._sku(0))).json

        found = until(positions, lambda answer: bool(answer["positions"]))
        return int(found["positions"][0]["on_hand"])
