"""Instances that nobody would ship a benchmark with: every policy still keeps the rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tools.routing_bench.generate import make
from tools.routing_bench.instance import Array, Instance
from tools.routing_bench.policies import POLICIES
from tools.routing_bench.referee import judge
from tools.routing_bench.world import World, shipments


def small(seed: int = 1) -> Instance:
    return make("peak", seed, orders=8, days=2)


def with_lines(inst: Instance, lines: int) -> Instance:
    """The last order asks so many lines, SKUs twice among them."""
    sku = np.concatenate([inst.sku, np.arange(lines) % 90])
    return replace(
        inst,
        ptr=np.concatenate([inst.ptr, [len(sku)]]),
        sku=sku,
        qty=np.concatenate([inst.qty, np.ones(lines, int)]),
        day=np.concatenate([inst.day, inst.day[-1:]]),
        dist=np.concatenate([inst.dist, inst.dist[-1:]]),
        zone=np.concatenate([inst.zone, inst.zone[-1:]]),
    )


def only(inst: Instance, places: Array) -> Instance:
    return replace(
        inst,
        dist=inst.dist[:, places],
        zone=inst.zone[:, places],
        inv=inst.inv[places],
        **{name: getattr(inst, name)[places] for name in ("isfc", "cap", "hp", "hu")},
    )


def without_orders(inst: Instance) -> Instance:
    n = inst.n_hist
    kept = {name: getattr(inst, name)[:n] for name in ("day", "dist", "zone")}
    end = inst.ptr[n]
    return replace(inst, ptr=inst.ptr[: n + 1], sku=inst.sku[:end], qty=inst.qty[:end], **kept)


ODD: dict[str, Callable[[Instance], Instance]] = {
    "no capacity": lambda inst: replace(inst, cap=np.zeros_like(inst.cap)),
    "one slot": lambda inst: replace(inst, cap=np.ones_like(inst.cap)),
    "no stock": lambda inst: replace(inst, inv=np.zeros_like(inst.inv)),
    "one unit everywhere": lambda inst: replace(inst, inv=np.ones_like(inst.inv)),
    "weightless": lambda inst: replace(inst, weight=np.zeros_like(inst.weight)),
    "heavy": lambda inst: replace(inst, weight=inst.weight * 40),
    "one location": lambda inst: only(inst, np.array([0])),
    "one store": lambda inst: only(inst, np.array([5])),
    "no center": lambda inst: replace(inst, isfc=np.zeros_like(inst.isfc)),
    "all centers": lambda inst: replace(inst, isfc=np.ones_like(inst.isfc)),
    "no history": lambda inst: replace(inst, n_hist=0, day=np.maximum(inst.day, 0)),
    "no orders": without_orders,
    "many units": lambda inst: replace(inst, qty=inst.qty * 5),
    "more than there is": lambda inst: replace(inst, qty=inst.qty * 1000),
    "40 lines": lambda inst: with_lines(inst, 40),
    "200 lines": lambda inst: with_lines(inst, 200),
    "labor of its own": lambda inst: replace(inst, hp=inst.hp + np.arange(len(inst.hp)) / 100),
    "free": lambda inst: replace(inst, rate=inst.rate * 0, hp=inst.hp * 0, hu=inst.hu * 0),
    "cheaper far away": lambda inst: replace(inst, rate=inst.rate[:, ::-1]),
    "one break": lambda inst: replace(inst, rate=inst.rate[:1], rate_lb=inst.rate_lb[:1] * 0 + 3),
    "lost for little": lambda inst: replace(inst, lost_pen=1.0),
    "days apart": lambda inst: replace(inst, day=np.where(inst.day > 0, inst.day * 9, inst.day)),
    "whole dollars": lambda inst: replace(
        inst, rate=inst.rate.round().astype(int), hp=inst.hp.astype(int), hu=inst.hu.astype(int)
    ),
}


@pytest.mark.parametrize("odd", ODD)
def test_every_policy_keeps_the_rules_on_odd_instances(odd: str) -> None:
    instance = ODD[odd](small())
    for policy in POLICIES.values():
        outcome = policy(World(instance))
        assert len(outcome.plans) == len(instance.orders)
        judge(instance, shipments(outcome.plans))
