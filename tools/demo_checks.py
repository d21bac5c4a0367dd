"""What the demo looks at once its orders have settled: stock, ledger, mail, queues, executions."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tools.backstage import Backstage
from tools.client import Api
from tools.demo_model import Json, live
from tools.demo_orders import Run
from tools.demo_play import Play

MAIL_SECONDS = 10.0
PARALLEL = 8
Check = tuple[str, str, bool]
Positions = dict[tuple[str, str], Json]


@dataclass(frozen=True)
class Checks:
    """Each check says what it looked at, what it found and whether that is right."""

    api: Api
    backstage: Backstage
    run: Run

    def all(self, plays: list[Play], stock: list[tuple[str, str, int]]) -> Iterator[Check]:
        """All checks, one after the other."""
        yield self.again(plays)
        positions = self._positions({sku for _, sku, _ in stock})
        yield reserved(plays, positions)
        yield self.ledger(positions)
        yield self.mail(plays)
        yield self.dead_letters()
        yield self.executions()

    def again(self, plays: list[Play]) -> Check:
        """Nothing changed after it had settled: no late second order, parcel or cancellation."""
        settled = [play for play in plays if not play.failures]
        with ThreadPoolExecutor(PARALLEL) as pool:
            stand = list(pool.map(Play.still_stands, settled))
        changed = [p.body["name"] for p, right in zip(settled, stand, strict=True) if not right]
        text = f"{len(settled)} orders stand as they had settled, each there once"
        return "Second look", _or_wrong(text, changed), not changed

    def _positions(self, skus: set[str]) -> Positions:
        with ThreadPoolExecutor(PARALLEL) as pool:
            answers = [answer.json for answer in pool.map(self.api.stock, sorted(skus))]
        return {
            (answer["sku"], position["location_id"]): position
            for answer in answers
            for position in answer["positions"]
        }

    def ledger(self, positions: Positions) -> Check:
        """Every position is the sum of its movements."""
        with ThreadPoolExecutor(PARALLEL) as pool:
            sums = list(pool.map(lambda key: self.backstage.ledger(*key), positions))
        wrong = [
            key
            for (key, position), total in zip(positions.items(), sums, strict=True)
            if any(position[name] != total[name] for name in ("on_hand", "reserved"))
        ]
        text = f"{len(positions)} positions equal the sum of their movements"
        return "Ledger", _or_wrong(text, wrong), not wrong

    def mail(self, plays: list[Play]) -> Check:
        """Each customer got each message once. Mail follows the order, so it is waited for."""
        deadline = time.monotonic() + MAIL_SECONDS
        while (wrong := self._wrong_mail(plays)) and time.monotonic() < deadline:
            time.sleep(0.5)
        sent = sum(len(self._mails(play)) for play in plays)
        return "Mail", _or_wrong(f"{sent} messages, each customer told once", wrong), not wrong

    def _wrong_mail(self, plays: list[Play]) -> list[str]:
        asked = [(play, self._due(play)) for play in plays if play.scenario.mails is not None]
        return [
            f"{play.body['name']} got {len(self._mails(play))}, expected {due}"
            for play, due in asked
            if len(self._mails(play)) != due
        ]

    def _due(self, play: Play) -> int:
        """Messages of the story, and one each time that what was promised had to move: whether a
        second location takes a day longer depends on the day of the week.
        """
        order = play.look() or {"timeline": []}
        moved = [x["type"] for x in order["timeline"]].count("PromiseMoved")
        return (play.scenario.mails or 0) + int(moved)

    def _mails(self, play: Play) -> list[str]:
        return [mail.subject for mail in self.backstage.mails(play.body["email"])]

    def dead_letters(self) -> Check:
        """Nothing was given up on."""
        depths = self.backstage.depths()
        dead = {queue: n for queue, n in depths.items() if n and "dlq" in queue.lower()}
        waiting = sum(n for queue, n in depths.items() if queue not in dead)
        text = f"{len(depths)} queues, {waiting} messages waiting, no dead letters"
        return "Queues", f"dead letters: {dead}" if dead else text, not dead

    def executions(self) -> Check:
        """No execution failed; those of open FulfillmentOrders wait for the floor."""
        found = self.backstage.executions()
        failed = sum(n for status, n in found.items() if status not in ("RUNNING", "SUCCEEDED"))
        text = ", ".join(f"{n} {status.lower()}" for status, n in sorted(found.items()))
        return "Step Functions", text or "none", not failed


def reserved(plays: list[Play], positions: Positions) -> Check:
    """Units reserved at each position = units of FulfillmentOrders that wait to be shipped."""
    wanted = _reserved_by(plays)
    found = Counter({key: int(position["reserved"]) for key, position in positions.items()})
    wrong = sorted(key for key in {*found, *wanted} if found[key] != wanted[key])
    text = f"{sum(wanted.values())} units reserved, at {len(wanted)} of {len(found)} positions"
    return "Stock", _or_wrong(text, wrong), not wrong


def _reserved_by(plays: list[Play]) -> Counter[tuple[str, str]]:
    wanted = Counter[tuple[str, str]]()
    for play in plays:
        for work in live(play.order or {}):
            if work["status"] not in ("shipped", "delivered"):
                for line in work["lines"]:
                    wanted[line["sku"], work["location_id"]] += line["quantity"]
    return wanted


def _or_wrong(text: str, wrong: Sequence[object]) -> str:
    return text if not wrong else f"{text}; wrong: {wrong}"
