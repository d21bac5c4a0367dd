"""An instance in the terms of dom.sourcing.joint: integers, sets of locations, one tariff.

Money is in tenths of a cent (exact for the prices we know), weight in millionths of a pound.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from dom.sourcing.joint.market import Market
from dom.sourcing.joint.tariff import Tariff
from dom.sourcing.joint.wish import Piece, Plan, Wish

from tools.routing_bench.instance import Instance, Shipments

MONEY = 1000
WEIGHT = 1_000_000


class World:
    """Wishes by order and the market of an instance. `day_value`: dollars per day on the way."""

    def __init__(self, instance: Instance, day_value: float = 0.0) -> None:
        self.instance = instance
        self.labor, self.class_of = _classes(instance)
        self.tariff = _tariff(instance, self.labor, day_value)
        self._members = [_packed(self.class_of == k) for k in range(len(self.labor))]

    @cached_property
    def lines(self) -> list[list[Piece]]:
        """The pieces of each order to route, by order minus the first."""
        inst = self.instance
        weight = np.rint(inst.weight * WEIGHT).astype(np.int64).tolist()
        sku, qty, ptr = inst.sku.tolist(), inst.qty.tolist(), inst.ptr.tolist()
        lost = round(inst.lost_pen * MONEY)
        return [
            [
                Piece(i, sku[i], qty[i], weight[sku[i]] * qty[i], lost)
                for i in range(ptr[order], ptr[order + 1])
            ]
            for order in inst.orders
        ]

    @cached_property
    def wishes(self) -> list[Wish]:
        """All orders to route, in order."""
        inst = self.instance
        return [
            Wish(order, tuple(pieces), self.groups(order), self.tariff, int(inst.day[order]))
            for order, pieces in zip(inst.orders, self.lines, strict=True)
        ]

    def groups(self, order: int) -> tuple[int, ...]:
        """The locations of equal price for the order's destination, as bit sets."""
        zone = self.instance.zone[order]
        by_zone = [_packed(zone == z) for z in range(1, 9)]
        return tuple(places & members for members in self._members for places in by_zone)

    def market(self) -> Market:
        """Stock and one day's capacity, as the month begins."""
        inst = self.instance
        wanted = set(inst.sku[inst.ptr[inst.n_hist] :].tolist())
        units = {
            sku: {int(place): int(inst.inv[place, sku]) for place in inst.inv[:, sku].nonzero()[0]}
            for sku in wanted
        }
        return Market(units, self.slots)

    @cached_property
    def velocity(self) -> dict[int, float]:
        """Units a day by SKU, as the orders before those to route sold them."""
        inst = self.instance
        last = int(inst.ptr[inst.n_hist])
        days = max(1.0, inst.n_hist * len(set(inst.day[inst.n_hist :].tolist())) / len(inst.orders))
        units = np.bincount(inst.sku[:last], inst.qty[:last])
        return {int(sku): float(units[sku]) / days for sku in units.nonzero()[0]}

    @cached_property
    def waves(self) -> int:
        """Locations (bits) that work in waves: the distribution centers."""
        return _packed(self.instance.isfc.astype(bool))

    @cached_property
    def slots(self) -> dict[int, int]:
        """Parcels a day by location."""
        return dict(enumerate(self.instance.cap.tolist()))


def shipments(plans: Iterable[Plan]) -> Shipments:
    """Plans as rows, sorted; pieces of one line at one location are one row."""
    rows: dict[tuple[int, int], int] = {}
    for plan in plans:
        for parcel in plan.parcels:
            for piece in parcel.pieces:
                key = (piece.line, parcel.place)
                rows[key] = rows.get(key, 0) + piece.quantity
    table = np.array([(*key, rows[key]) for key in sorted(rows)], np.int64).reshape(-1, 3)
    return Shipments(table[:, 0], table[:, 1], table[:, 2])


def _classes(inst: Instance) -> tuple[list[tuple[float, float, bool]], np.ndarray]:
    """Locations of equal labor and kind; and which class each is of."""
    keys = list(zip(inst.hp.tolist(), inst.hu.tolist(), inst.isfc.tolist(), strict=True))
    classes = sorted(set(keys), key=lambda key: (not key[2], key))
    return classes, np.array([classes.index(key) for key in keys])


def _tariff(inst: Instance, classes: list[tuple[float, float, bool]], day_value: float) -> Tariff:
    rate = np.rint(inst.rate * MONEY).astype(int).tolist()
    days = inst.days_by_zone.tolist()
    return Tariff(
        breaks=np.rint(inst.rate_lb * WEIGHT).astype(np.int64).tolist(),
        rates=[row * len(classes) for row in rate],
        parcel=[round(hp * MONEY) for hp, _, _ in classes for _ in range(8)],
        unit=[round(hu * MONEY) for _, hu, _ in classes for _ in range(8)],
        fixed=[
            round(day_value * MONEY * (days[z] + (0.5 if fc else 1.0)))
            for _, _, fc in classes
            for z in range(1, 9)
        ],
    )


def _packed(flags: np.ndarray) -> int:
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")
