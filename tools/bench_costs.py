"""What an order asks of AWS from webhook to shipment, and what that costs by list price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from tools.bench_orders import furnish
from tools.bench_play import Play
from tools.bench_prices import bill
from tools.bench_report import table
from tools.bench_world import Run, world
from tools.demo_network import read_locations
from tools.template import read_template

# Fills every batch, of routing too: more of them cost the same each.
ORDERS = 200
SKUS = [f"COST-{n}" for n in range(50)]
PLACES = 5
# Lambda gives a function one vCPU per so many MB; a request inside AWS takes so many ms.
MB_PER_CPU = 1769
REQUEST_MS = 5.0
# START, END and REPORT, which Lambda itself writes for each invocation.
PLATFORM_LOG_BYTES = 350


def measure() -> str:
    """Tables: the bill, then the functions and operations behind it."""
    with world() as here:
        places = list(read_locations())
        stock = [
            (places[(n + k) % len(places)], s) for n, s in enumerate(SKUS) for k in range(PLACES)
        ]
        play = Play(here)
        furnish(here, stock)
        play.settle()
        _story(play, SKUS[:1])  # loads what is cached from then on
        alone, alone_runs = _counted(play, SKUS[:1])
        many, many_runs = _counted(play, [SKUS[n % len(SKUS)] for n in range(ORDERS)])
    columns = {"one order alone": alone, f"of {ORDERS:,} at once": many}
    return f"{bill(columns)}\n\n{_functions(alone_runs, many_runs)}\n\n{_details(columns)}"


def _story(play: Play, skus: Iterable[str]) -> None:
    """Placed, allocated, confirmed, accepted, shipped, told."""
    play.place(skus)
    play.settle()
    for action in ("accept", "ship"):
        play.work(action)
        play.settle()


def _counted(play: Play, skus: list[str]) -> tuple[dict[str, float], list[Run]]:
    """Amounts per order."""
    here, shipped = play.world, play.shipments
    here.runs, play.counts = [], Counter()
    here.meter.counts = Counter()
    _story(play, skus)
    if play.shipments - shipped < len(skus):
        raise RuntimeError(f"{play.shipments - shipped} of {len(skus)} orders were shipped")
    total: Counter[str] = play.counts + here.meter.counts
    amounts = {name: count / len(skus) for name, count in total.items()}
    amounts["DynamoDB write units"] = (total["write units"]) / len(skus)
    amounts["DynamoDB read units"] = total["half read units"] / 2 / len(skus)
    amounts["Lambda invocations"] = len(here.runs) / len(skus)
    amounts["Lambda GB-s"] = _gigabyte_seconds(here.runs) / len(skus)
    logged = sum(run.logged + PLATFORM_LOG_BYTES for run in here.runs)
    amounts["CloudWatch log KB"] = logged / 1000 / len(skus)
    return amounts, here.runs


def _gigabyte_seconds(runs: Iterable[Run]) -> float:
    memory = _memory()
    return sum(_billed_ms(run, memory[run.function]) * memory[run.function] for run in runs) / (
        1024 * 1000
    )


def _billed_ms(run: Run, memory: int) -> float:
    """Processor time as it grows with less memory, plus the waiting for AWS."""
    return run.cpu * max(1.0, MB_PER_CPU / memory) + REQUEST_MS * run.requests


def _memory() -> dict[str, int]:
    resources = [
        one["Properties"]
        for one in read_template()["Resources"].values()
        if one["Type"] == "AWS::Serverless::Function"
    ]
    return {one["CodeUri"].removeprefix("functions/"): int(one["MemorySize"]) for one in resources}


def _functions(alone: list[Run], many: list[Run]) -> str:
    memory = _memory()
    rows = []
    for name in memory:
        counted = [[run for run in runs if run.function == name] for runs in (alone, many)]
        if any(counted):
            rows.append(
                [
                    f"`{name}`",
                    memory[name],
                    *_cells(counted[0], memory, 1),
                    *_cells(counted[1], memory, ORDERS),
                ]
            )
    head = ["function", "MB", "alone: invocations", "GB-s", "at once: invocations", "GB-s"]
    return table(head, rows)


def _cells(runs: list[Run], memory: Mapping[str, int], orders: int) -> list[str]:
    return [f"{len(runs) / orders:.3g}", f"{_gigabyte_seconds(runs) / orders:.2g}"]


def _details(columns: Mapping[str, Mapping[str, float]]) -> str:
    names = sorted({n for c in columns.values() for n in c if n.startswith("dynamodb ")})
    names += ["items written", "index units"]
    rows = [
        [n.removeprefix("dynamodb "), *(f"{c.get(n, 0):.3g}" for c in columns.values())]
        for n in names
    ]
    return table(["DynamoDB, per order", *columns], rows)
