"""What the demo asks of routing: its rules, why not elsewhere, the same again, a better plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from dom.errors import DomError
from dom.routing.ask import Asking, check, decisions_of

from tools.client import Api, path_of
from tools.demo_checks import Check
from tools.demo_model import Json, Unexpected, live
from tools.demo_orders import Run
from tools.demo_play import Play, patiently

RULES = path_of("rulesets", "demo")
# The order whose runner-up is asked about, and where it might have come from instead.
ASKED, ELSEWHERE = "nearest", "STORE-44"
# The order that waits in a warehouse, and the store near its customer that gets stock meanwhile.
WAITING, WAREHOUSE, NEARBY = "one-location", "WH-EAST", "STORE-03"
WAREHOUSE_ZONE = ZoneInfo("America/New_York")
UNTIL_WAVE = timedelta(hours=6)


def put_rules(api: Api) -> Check:
    """Warehouses work in waves, the next one in some hours: written, linted and put in force."""
    wave = (datetime.now(UTC) + UNTIL_WAVE).astimezone(WAREHOUSE_ZONE)
    document = {"service": {"waves": {"warehouse": [f"{wave:%H:%M}"]}}}
    patiently(lambda: api.call("PUT", RULES, document))
    findings = patiently(lambda: api.call("POST", f"{RULES}/lint", {})).json["findings"]
    errors = sum(finding["severity"] == "error" for finding in findings)
    reason = {"reason": "warehouses pick in waves"}
    patiently(lambda: api.call("POST", f"{RULES}/activate", reason))
    when = f"the next at {wave:%H:%M} local time"
    text = f"warehouses pick in waves, {when}; linter: {len(findings)} findings"
    return "Rule set", text, not errors


@dataclass(frozen=True)
class Questions:
    """Each answer says what was asked, what came back and whether that is right."""

    api: Api
    run: Run
    asking: Asking

    def all(self, plays: list[Play]) -> Iterator[Check]:
        """All questions, one after the other. The last one moves an order."""
        by_event = {play.scenario.events[0]: play for play in plays}
        yield self.why_not(by_event[ASKED])
        yield self.replayed(plays)
        yield self.planned_again(by_event[WAITING])

    def why_not(self, play: Play) -> Check:
        """Why an order did not come from a location that has it, too."""
        query = {"location_id": ELSEWHERE}
        answer = patiently(lambda: self.api.why(order_id(play), **query)).json
        text = self.run.product(answer["text"])
        right = answer["verdict"] == "not_best" and answer["replay"] == "identical"
        return "Why not", f"{play.body['name']}: {text}", right

    def replayed(self, plays: list[Play]) -> Check:
        """Every decision of the demo, made again from what it was made from."""
        made, wrong = 0, []
        for play in (play for play in plays if play.order and play.order.get("decisions")):
            try:
                for decision in decisions_of(order_id(play), self.asking.records):
                    made += 1
                    if check(decision, self.asking.archive):
                        wrong.append(decision.id)
            except DomError as error:
                wrong.append(str(error))
        text = f"{made} decisions made again from their inputs: identical to the byte"
        return "Replay", f"not so: {wrong}" if wrong else text, bool(made) and not wrong

    def planned_again(self, play: Play) -> Check:
        """Stock comes near the customer while the order waits: the re-plan moves it."""
        (work,) = live(play.look() or {})
        if work["status"] != "assigned":
            return "Re-plan", f"{play.body['name']} was released before it was asked", True
        for line in work["lines"]:
            patiently(partial(self.api.put_stock, NEARBY, line["sku"], line["quantity"]))
        moves = self._replan()["moves"]
        ours = [move for move in moves if move["order_id"] == order_id(play)]
        if not ours or not self._replan(commit=True)["committed"]:
            return "Re-plan", f"nothing to move for {play.body['name']}", False
        return "Re-plan", told(play, ours[0]), self._now_from(play) == [NEARBY]

    def _replan(self, **body: bool) -> Json:
        ask = {"location_ids": [WAREHOUSE], **body}
        return patiently(lambda: self.api.call("POST", "/replan", ask)).json

    def _now_from(self, play: Play) -> list[str]:
        return [work["location_id"] for work in live(play.look() or {})]


def told(play: Play, move: Json) -> str:
    """A move as a person reads it."""
    saved, paid = (move[name]["amount"] / 100 for name in ("saved", "cash_saved"))
    return (
        f"stock came to {NEARBY} while {play.body['name']} waited at {WAREHOUSE}: it moves there,"
        f" which saves ${saved:.2f} by the rules (${paid:.2f} of it paid)"
    )


def order_id(play: Play) -> str:
    """Our id of a play's order; Unexpected if there is none."""
    if play.order is None:
        raise Unexpected(f"{play.body['name']}: no such order")
    return str(play.order["order_id"])
