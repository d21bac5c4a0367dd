"""`make demo`: a network, its stock and eighteen Shopify orders, played on the running stack.

Exit status 0 only if every order ended as its scenario says and every check behind it holds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import chain

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tools.backstage import Backstage
from tools.client import Api, Shop, load_stack
from tools.demo_checks import Check, Checks
from tools.demo_feeds import Feeds
from tools.demo_marketplace import Marketplace
from tools.demo_model import Json
from tools.demo_network import put_network, put_stock, read_locations, stock_of
from tools.demo_orders import Run
from tools.demo_pickup import Pickup
from tools.demo_play import Play
from tools.demo_promises import Promises
from tools.demo_report import WIDTH, findings, orders_table
from tools.demo_returns import Returns
from tools.demo_routing import Questions, put_rules
from tools.demo_scenarios import SCENARIOS
from tools.demo_shop import TwoWay
from tools.demo_supplier import AtTheSupplier
from tools.replay_decision import asking_of
from tools.stack import Stack

CONSOLE = Console(width=WIDTH)
# Orders under way at once: each costs the embedded AWS some processes on a machine of two cores.
AT_ONCE = 6


def main() -> int:
    """Play it all; the exit status."""
    begun, stack, run = time.monotonic(), load_stack(), Run()
    api = Api(stack["api_url"], stack["tokens"]["admin"])
    shopify = stack["channels"]["shopify"]
    shop = Shop(Api(stack["api_url"], pool=api.pool), shopify["account"], shopify["secret"])
    rules = put_rules(api)
    plays = [Play(scenario, api, shop, run) for scenario in SCENARIOS]
    locations, stock = read_locations(), list(stock_of(SCENARIOS, run))
    with _progress() as progress:
        _bar(progress, "Network", len(locations), lambda done: put_network(api, locations, done))
        _bar(progress, "Stock", len(stock), lambda done: put_stock(api, stock, done))
        _bar(progress, "Orders", len(plays), lambda done: _play(plays, done))
    checks = list(Checks(api, Backstage(stack), run).all(plays, stock))
    _report(plays, locations, checks)
    answers = [rules, *Questions(api, run, asking_of(_running(stack))).all(plays)]
    told = {
        "Routing, asked": answers,
        "Promised": list(Promises(api, run).all()),
        "Files of stock": list(Feeds(api, run, _running(stack), stack["feeds_bucket"]).all()),
        "Collected at the store": list(Pickup(api, Backstage(stack), run).all()),
        "At the supplier": list(AtTheSupplier(api, Backstage(stack), run).all()),
        "At the shop": list(TwoWay(api, shop, run, _running(stack)).all()),
        "At the marketplace": list(Marketplace(api, run, _running(stack)).all()),
        "What comes back": list(Returns(api, shop, run, _running(stack)).all(plays)),
    }
    _also(told, stack)
    CONSOLE.print(f"[dim]{time.monotonic() - begun:.0f} s, run {run.tag}[/dim]")
    return _verdict(plays, [*checks, *chain(*told.values())])


def _running(stack: Json) -> Stack:
    return Stack(stack["stack"], stack["endpoint"], stack["region"])


def _progress() -> Progress:
    columns = (TextColumn("{task.description:<8}"), BarColumn(40), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=CONSOLE)


def _bar(
    progress: Progress, name: str, total: int, work: Callable[[Callable[[], None]], None]
) -> None:
    task = progress.add_task(name, total=total)
    work(lambda: progress.advance(task))


def _play(plays: list[Play], done: Callable[[], None]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for future in as_completed([pool.submit(play.perform) for play in plays]):
            future.result()
            done()


def _report(plays: list[Play], locations: dict[str, Json], checks: list[Check]) -> None:
    CONSOLE.print(orders_table(plays, locations))
    CONSOLE.print(findings(checks))
    CONSOLE.print()


def _also(told: Mapping[str, list[Check]], stack: Json) -> None:
    for title, found in told.items():
        CONSOLE.print(f"[bold]{title}[/bold]")
        CONSOLE.print(findings(found))
        CONSOLE.print()
    CONSOLE.print("[bold]Look around[/bold] (the stack stays up until `make down`)")
    for hint in _hints(stack):
        CONSOLE.print(f"  {hint}", style="dim", soft_wrap=True, highlight=False)


def _hints(stack: Json) -> list[str]:
    aws = f"aws --endpoint-url {stack['endpoint']} --region {stack['region']}"
    machine = stack["state_machines"]["fulfillment_order"]
    orders = stack["tables"]["orders"]
    return [
        f"curl -H 'Authorization: Bearer {stack['tokens']['admin']}' {stack['api_url']}/locations",
        f"{aws} stepfunctions list-executions --state-machine-arn {machine}",
        f"{aws} dynamodb scan --table-name {orders} --max-items 5",
        f"curl {stack['endpoint']}/_ministack/ses/messages   # mail that was sent",
    ]


def _verdict(plays: list[Play], checks: list[Check]) -> int:
    wrong = [
        f"{play.body['name']} {play.scenario.title}: {why}"
        for play in plays
        for why in play.failures
    ]
    wrong += [f"{what}: {found}" for what, found, right in checks if not right]
    for line in wrong:
        CONSOLE.print(f"[red]not as expected[/red] {line}", soft_wrap=True, highlight=False)
    if not wrong:
        CONSOLE.print(f"[green]All {len(plays)} orders ended as expected.[/green]")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
