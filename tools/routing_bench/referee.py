"""What a plan costs and whether it can be done, from the two files alone: shares no code with any
policy.

Strict reading of the rules: stock never negative, boxes of a location's day never above its
capacity (a load beyond the last weight break is several equal boxes, each with its labor and its
slot), no line sent more than it asks. A line that is not wholly sent is lost.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from tools.routing_bench.instance import Array, Instance, Shipments


class Infeasible(ValueError):
    """The plan breaks a rule; the message says which."""


@dataclass(frozen=True)
class Verdict:
    """Means per order (money in dollars, days of orders that got anything, kg CO2)."""

    parcels_per_order: float
    extra_parcels: float
    split_rate: float
    cash: float
    total: float
    fill: float
    days: float
    co2: float


@dataclass
class _Box:
    weight: float = 0.0
    units: int = 0


def judge(instance: Instance, plan: Shipments) -> Verdict:
    """Figures of a plan; Infeasible if it breaks a rule."""
    _check_rows(instance, plan)
    _check_stock(instance, plan)
    loads = _loads(instance, plan)
    boxes = {key: _boxes(instance, load.weight) for key, load in loads.items()}
    _check_capacity(instance, boxes)
    return _verdict(instance, plan, loads, boxes)


def _check_rows(instance: Instance, plan: Shipments) -> None:
    if not len(plan.line):
        return
    if plan.quantity.min() <= 0:
        raise Infeasible("a quantity is not positive")
    if plan.line.min() < instance.ptr[instance.n_hist] or plan.line.max() >= len(instance.sku):
        raise Infeasible("a line is not one to route")
    if plan.location.min() < 0 or plan.location.max() >= len(instance.cap):
        raise Infeasible("a location does not exist")
    if (_sent(instance, plan) > instance.qty).any():
        raise Infeasible("a line is sent more than it asks")


def _sent(instance: Instance, plan: Shipments) -> Array:
    return np.bincount(plan.line, plan.quantity, len(instance.sku)).astype(int)


def _check_stock(instance: Instance, plan: Shipments) -> None:
    left = instance.inv.astype(np.int64)
    np.subtract.at(left, (plan.location, instance.sku[plan.line]), plan.quantity)
    if left.min() < 0:
        place, sku = np.unravel_index(int(left.argmin()), left.shape)
        raise Infeasible(f"location {place} has not enough of SKU {sku}")


def _loads(instance: Instance, plan: Shipments) -> dict[tuple[int, int], _Box]:
    orders = np.searchsorted(instance.ptr, plan.line, side="right") - 1
    loads: dict[tuple[int, int], _Box] = defaultdict(_Box)
    for order, place, line, quantity in zip(
        orders.tolist(),
        plan.location.tolist(),
        plan.line.tolist(),
        plan.quantity.tolist(),
        strict=True,
    ):
        load = loads[order, place]
        load.weight += float(instance.weight[instance.sku[line]]) * quantity
        load.units += quantity
    return loads


def _boxes(instance: Instance, weight: float) -> int:
    return max(1, int(np.ceil(weight / float(instance.rate_lb[-1]) - 1e-9)))


def _check_capacity(instance: Instance, boxes: dict[tuple[int, int], int]) -> None:
    used: dict[tuple[int, int], int] = defaultdict(int)
    for (order, place), count in boxes.items():
        used[int(instance.day[order]), place] += count
    for (day, place), count in used.items():
        if count > instance.cap[place]:
            raise Infeasible(f"location {place} sends {count} parcels on day {day}")


def _price(instance: Instance, order: int, place: int, load: _Box, boxes: int) -> float:
    row = int(np.searchsorted(instance.rate_lb, load.weight / boxes - 1e-9))
    rate = float(instance.rate[row, int(instance.zone[order, place]) - 1])
    return boxes * (rate + float(instance.hp[place])) + float(instance.hu[place]) * load.units


def _verdict(
    instance: Instance,
    plan: Shipments,
    loads: dict[tuple[int, int], _Box],
    boxes: dict[tuple[int, int], int],
) -> Verdict:
    cash = co2 = 0.0
    days: dict[int, float] = {}
    parcels: dict[int, int] = defaultdict(int)
    for (order, place), load in loads.items():
        count = boxes[order, place]
        cash += _price(instance, order, place, load, count)
        miles = float(instance.dist[order, place])
        co2 += 0.5 * count + instance.dpl * miles * (load.weight + 0.3 * count)
        transit = float(instance.days_by_zone[int(instance.zone[order, place])])
        transit += 0.5 if instance.isfc[place] else 1.0
        days[order] = max(days.get(order, 0.0), transit)
        parcels[order] += count
    n = max(1, len(instance.orders))
    first = int(instance.ptr[instance.n_hist])
    lost = int((_sent(instance, plan) < instance.qty)[first:].sum())
    sent = sum(parcels.values())
    return Verdict(
        parcels_per_order=sent / n,
        extra_parcels=(sent - len(parcels)) / n,
        split_rate=sum(count > 1 for count in parcels.values()) / n,
        cash=cash / n,
        total=(cash + lost * instance.lost_pen) / n,
        fill=1 - lost / max(1, instance.lines),
        days=sum(days.values()) / max(1, len(days)),
        co2=co2 / n,
    )
