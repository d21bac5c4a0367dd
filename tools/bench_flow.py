"""Orders per second through a whole stack on the embedded AWS, and a peak of ten normal hours.

A stack of its own: signed webhooks go in at the gateway, and the clock stops when the Orders table
says that all are allocated. Gateway, queues, tables and functions share this machine's cores.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tools import embedded
from tools.backstage import Backstage
from tools.bench_orders import shopify_order
from tools.bench_report import table
from tools.client import Api, Shop, connections
from tools.console import step
from tools.demo_network import put_network, put_stock, read_locations
from tools.shell import BUILD

HOME = BUILD / "bench" / "stack"
SENDERS = 6
PLACES, SKUS, PLENTY = 6, 10, 1_000_000
STEADY, BACKLOG = 150, 150
# Seconds of the normal hour before the peak, and of the peak of ten times its rate.
NORMAL_SECONDS, PEAK_SECONDS, PEAK = 15, 15, 10
# The normal hour takes so much of what the stack can do, so that its peak is twice too much.
NORMAL_SHARE = 0.2
PATIENCE = 300.0


@dataclass
class Site:
    """The running stack, a shop that delivers to it, and what has been delivered."""

    facts: dict[str, Any]
    shop: Shop
    back: Backstage
    delivered: list[int] = field(default_factory=list)

    def deliver(self, sku: str) -> None:
        """One signed webhook; SystemExit unless it is taken."""
        order = shopify_order(sku)
        answer = self.shop.deliver("orders/create", order, f"w-{order['id']}")
        if answer.status != 200:
            raise SystemExit(f"A webhook was answered {answer.status}: {answer.body[:300]!r}")
        self.delivered.append(answer.status)

    def allocated(self) -> int:
        """Orders whose status says so."""
        pages = self.back.dynamodb.get_paginator("scan").paginate(
            TableName=self.facts["tables"]["orders"],
            Select="COUNT",
            FilterExpression="#item = :order AND #status = :status",
            ExpressionAttributeNames={"#item": "item", "#status": "status"},
            ExpressionAttributeValues={":order": {"S": "ORDER"}, ":status": {"S": "allocated"}},
        )
        return sum(page["Count"] for page in pages)

    def settle(self) -> float:
        """Seconds until all that was delivered is allocated; SystemExit when that does not end."""
        start = time.monotonic()
        while (left := len(self.delivered) - self.allocated()) > 0:
            if time.monotonic() - start > PATIENCE:
                raise SystemExit(f"{left} orders are still not allocated: {self.back.depths()}")
            time.sleep(0.5)
        return time.monotonic() - start


def measure() -> str:
    """Tables: steady flow, a backlog for group commit, the peak."""
    try:
        site = _furnished()
        with step("Warming up"):
            _together(site, 20)
            site.settle()
        steady, text = _steady(site)
        return f"{text}\n\n{_group_commit(site)}\n\n{_ramp(site, steady * NORMAL_SHARE)}"
    finally:
        embedded.down(HOME)


def _furnished() -> Site:
    embedded.down(HOME)
    facts = embedded.up(HOME)
    pool = connections(SENDERS)
    admin, channel = Api(facts["api_url"], facts["tokens"]["admin"], pool), facts["channels"]
    places = dict(list(read_locations().items())[:PLACES])
    unbounded = {name: {**one, "daily_capacity": None} for name, one in places.items()}
    with step(f"{PLACES} locations with {SKUS} SKUs"):
        put_network(admin, unbounded, _nothing)
        put_stock(admin, [(p, _sku(n), PLENTY) for p in places for n in range(SKUS)], _nothing)
    shop = Shop(Api(facts["api_url"], None, pool), **channel["shopify"])
    return Site(facts, shop, Backstage(facts))


def _steady(site: Site) -> tuple[float, str]:
    """Orders a second, all stages working at once, and a table."""
    with step(f"{STEADY} orders as fast as they are taken"):
        taken, rest = _together(site, STEADY), site.settle()
    rate = STEADY / (taken + rest)
    head = ["flow", "orders", "accepted a second", "allocated a second", "last one after s"]
    row = ["webhook to allocation", STEADY, f"{STEADY / taken:.1f}", f"{rate:.1f}", f"{rest:.1f}"]
    return rate, table(head, [row])


def _group_commit(site: Site) -> str:
    """A backlog of one SKU that waits for routing, then routing switched on."""
    before = _movements(site)
    with step(f"A backlog of {BACKLOG} orders of one SKU"), _routing_off(site):
        _together(site, BACKLOG, hot=True)
        _wait_for(lambda: _depth(site) >= BACKLOG)
    with step("Routing it"):
        seconds = site.settle()
    commits = _movements(site) - before
    head = [
        "backlog",
        "orders",
        "allocated a second",
        "writes of the SKU's positions",
        "orders a write",
    ]
    row = ["one SKU, routing switched on", BACKLOG, f"{BACKLOG / seconds:.1f}", commits]
    return table(head, [[*row, f"{BACKLOG / max(1, commits):.1f}"]])


def _ramp(site: Site, normal: float) -> str:
    """Backlog over time: the normal rate, ten times of it, and normal again until drained."""
    samples: list[tuple[float, int, int]] = []
    start, began = time.monotonic(), len(site.delivered)
    phases = [(NORMAL_SECONDS, normal), (PEAK_SECONDS, PEAK * normal)]
    with step(f"{normal:.1f} orders a second, then {PEAK * normal:.1f}"):
        with _sampling(site, start, samples):
            for seconds, rate in phases:
                _at_rate(site, rate, seconds)
            ended = time.monotonic() - start
            site.settle()
        drained = time.monotonic() - start - ended
    offered = len(site.delivered) - began
    every = max(1, len(samples) // 14)
    rows = [
        [f"{at:.0f}", accepted - began, accepted - done] for at, accepted, done in samples[::every]
    ]
    worst = max(accepted - done for _, accepted, done in samples)
    head = ["second", "accepted so far", "not allocated yet"]
    return (
        f"Normal {normal:.1f} orders a second for {NORMAL_SECONDS} s, then {PEAK} times of it for "
        f"{PEAK_SECONDS} s (the peak's last webhook was accepted in second {ended:.0f}); "
        f"{offered} orders, backlog at most {worst}, drained {drained:.0f} s after the last.\n\n"
        f"{table(head, rows)}"
    )


@contextmanager
def _sampling(site: Site, start: float, samples: list[tuple[float, int, int]]) -> Iterator[None]:
    over = threading.Event()

    def watch() -> None:
        while not over.wait(1.0):
            accepted = len(site.delivered)
            done = site.allocated()
            samples.append((time.monotonic() - start, accepted, min(done, accepted)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _at_rate(site: Site, rate: float, seconds: float) -> None:
    """Deliver at that rate, or as fast as the stack takes them if that is slower."""
    start = time.monotonic()
    with ThreadPoolExecutor(SENDERS) as pool:
        sent = []
        for n in range(round(rate * seconds)):
            time.sleep(max(0.0, start + n / rate - time.monotonic()))
            sent.append(pool.submit(site.deliver, _sku(n)))
        for one in sent:
            one.result()


def _together(site: Site, count: int, hot: bool = False) -> float:
    """Deliver so many at once; the seconds it took."""
    start = time.monotonic()
    with ThreadPoolExecutor(SENDERS) as pool:
        for _ in pool.map(site.deliver, (_sku(0 if hot else n) for n in range(count))):
            pass
    return time.monotonic() - start


@contextmanager
def _routing_off(site: Site) -> Iterator[None]:
    client, name = site.back.client("lambda"), site.facts["functions"]["order_routing"]
    (mapping,) = client.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    switch = partial(client.update_event_source_mapping, UUID=mapping["UUID"])
    switch(Enabled=False)
    time.sleep(2.0)  # whatever is being routed ends
    try:
        yield
    finally:
        switch(Enabled=True)


def _movements(site: Site) -> int:
    return sum(
        len(site.back.movements(_sku(0), place)) for place in list(read_locations())[:PLACES]
    )


def _depth(site: Site) -> int:
    return site.back.depths()["routing"]


def _wait_for(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        if time.monotonic() > deadline:
            raise SystemExit("The backlog did not build up.")
        time.sleep(0.5)


def _sku(n: int) -> str:
    return f"FLOW-{n % SKUS}"


def _nothing() -> None:
    """Nobody watches each of them."""
