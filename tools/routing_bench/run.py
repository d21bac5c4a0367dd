"""Measure policies on instances: one JSON line each, and each plan as a file.

`python -m tools.routing_bench.run --instances a.npz b.npz --policies exact batch_day --out dir`
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from dom.sourcing.joint.batch import cost_of
from dom.sourcing.joint.lagrange import bound
from dom.sourcing.joint.offers import Offers

from tools.routing_bench.generate import own_instances
from tools.routing_bench.instance import Instance, load, read_shipments
from tools.routing_bench.outcome import Outcome
from tools.routing_bench.policies import POLICIES, VARIANTS
from tools.routing_bench.referee import judge
from tools.routing_bench.world import MONEY, World, shipments

BOUNDS = ("bound", "bound_unsplit")


def measure(
    instances: Iterable[Instance], names: Sequence[str], out: Path, steps: int
) -> Iterator[dict[str, object]]:
    """A row for each instance and policy; the plan is judged as read back from its file."""
    out.mkdir(parents=True, exist_ok=True)
    for instance in instances:
        bounds = horizon_bounds(World(instance), steps) if steps else (None, None)
        for name in names:
            outcome = {**POLICIES, **VARIANTS}[name](World(instance))
            file = out / f"{instance.name}.{name}.npz"
            shipments(outcome.plans).save(file)
            verdict = asdict(judge(instance, read_shipments(file)))
            figures = {key: round(value, 4) for key, value in verdict.items()}
            row = {"instance": instance.name, "policy": name, **figures}
            yield row | dict(zip(BOUNDS, bounds, strict=True)) | _speed(outcome)


def horizon_bounds(world: World, steps: int) -> tuple[float, float]:
    """No plan's mean total is less, even with all orders of the month known; and the same of plans
    that split a line only where no location has it whole."""
    market = world.market()
    offers = [Offers(wish, market) for wish in world.wishes]
    aim = cost_of(POLICIES["exact"](world).plans)
    found = bound(offers, market, world.slots, aim, steps)
    every, unsplit = (
        round(x / MONEY / max(1, len(offers)), 4) for x in (found.bound, found.unsplit)
    )
    return every, unsplit


def _speed(outcome: Outcome) -> dict[str, object]:
    times = sorted(outcome.times) or [0.0]
    seconds = sum(times) + outcome.batch_seconds
    return {
        "orders_per_s": round(len(outcome.times) / seconds) if seconds else None,
        "p50_ms": round(1000 * times[len(times) // 2], 4),
        "p99_ms": round(1000 * times[len(times) * 99 // 100], 4),
        "seconds": round(seconds, 3),
        **outcome.notes,
    }


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", nargs="*", type=Path, default=[])
    parser.add_argument("--policies", nargs="*", default=[], choices=[*POLICIES, *VARIANTS])
    parser.add_argument("--out", type=Path, default=Path("build/routing"))
    parser.add_argument("--bound-steps", type=int, default=30, help="0: no bound (null)")
    options = parser.parse_args()
    instances = map(load, options.instances) if options.instances else own_instances()
    names = options.policies or list(POLICIES)
    for row in measure(instances, names, options.out, options.bound_steps):
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
