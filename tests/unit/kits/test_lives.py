"""Random lives of orders of kits: all of it closes, and the channel hears of no kit twice."""

from __future__ import annotations

from collections.abc import Callable

from dom.model.as_sold import sold
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, RejectReason
from dom.model.order import Bucket, OrderStatus
from dom.model.totals import order_total
from hypothesis import given, settings
from hypothesis import strategies as st
from support.kits import KitShop, kit, sold_line

B, S = Bucket, FulfillmentStatus
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["route", "cancel", "tell", "reject", "ship", "confirm", "withdraw"]),
        st.integers(0, 5),
    ),
    max_size=30,
)


class Life:
    """A kit of two, one of a pack, and a part by itself; `removed`: what the channel cancelled."""

    def __init__(self, kits: int, packs: int, pots: int) -> None:
        self.shop = KitShop()
        self.shop.describe(kit("TEASET", POT=1, CUP=4), kit("PACK", CUP=3))
        for place in ("RENO", "BOSTON"):
            self.shop.stock(place, POT=kits + pots, CUP=2 * kits + 3 * packs + 2)
        self.bought = {"7": kits, "8": packs, "9": pots}
        self.removed = {"7": 0, "8": 0, "9": 0}
        self._tell()

    def _tell(self) -> None:
        skus = {"7": "TEASET", "8": "PACK", "9": "POT"}
        lines = [
            sold_line(name, skus[name], n, 997, removed=self.removed[name])
            for name, n in self.bought.items()
        ]
        self.shop.tell(*lines)

    def step(self, name: str, number: int) -> None:
        shop, works = self.shop, self.shop.works()
        steps: dict[str, Callable[[], object]] = {
            "route": shop.route,
            "withdraw": shop.withdraw,
            "tell": lambda: self._removes("789"[number % 3]),
            "cancel": lambda: self._cancel("789"[number % 3]),
            "confirm": self._confirm,
            "ship": lambda: works and shop.ship(works[number % len(works)].id),
            "reject": lambda: works and self._reject(works[number % len(works)], number),
        }
        steps[name]()

    def _removes(self, line_id: str) -> None:
        self.removed[line_id] = min(self.bought[line_id], self.removed[line_id] + 1)
        self._tell()

    def _confirm(self) -> None:
        for work in self.shop.works(S.SHIPPED):
            self.shop.confirm(work.id)

    def _reject(self, work: FulfillmentOrder, number: int) -> None:
        line = work.lines[number % len(work.lines)]
        reason = RejectReason.DAMAGED
        self.shop.act("reject", work.id, lines={line.line_id: 1}, reason=reason)

    def _cancel(self, line_id: str) -> None:
        line = next(x for x in sold(self.shop.order).lines if x.line_id == line_id)
        waiting = (B.PENDING, B.BACKORDERED, B.ALLOCATED)
        left = self.shop.order.withdraw
        if sum(line.units(b) for b in waiting) and not left:
            self.shop.cancel(**{line_id: 1})

    def close(self) -> None:
        """Everybody does what is left to do, and what nobody has is cancelled."""
        shop = self.shop
        shop.withdraw()
        shop.route()
        for work in shop.works():
            shop.ship(work.id)
        self._confirm()
        self.removed = dict(self.bought)
        self._tell()
        shop.withdraw()


@settings(deadline=None)
@given(kits=st.integers(1, 4), packs=st.integers(1, 3), pots=st.integers(1, 3), steps=STEPS)
def test_lives_of_kits_close_and_channels_hear_of_each_once(
    kits: int, packs: int, pots: int, steps: list[tuple[str, int]]
) -> None:
    life = Life(kits, packs, pots)
    paid = 997 * (kits + packs + pots)
    for one in steps:
        life.step(*one)
        life.shop.assert_consistent()
        assert order_total(life.shop.order) == paid
        assert all(life.shop.told[name] <= n for name, n in life.bought.items())
    life.close()
    shop = life.shop
    shop.assert_consistent()
    assert shop.order.status in (OrderStatus.FULFILLED, OrderStatus.CANCELLED)
    for line in sold(shop.order).lines:
        gone, off = line.units(B.SHIPPED), line.units(B.CANCELLED)
        assert gone + off == line.quantity
        assert shop.told[line.line_id] == gone
    assert all(x.reserved == 0 for x in shop.ledger.positions.values())
    # What is gone of each SKU is what whole kits needed of it.
    for kit_ in shop.order.kits:
        units = {x.line_id: x.units(B.SHIPPED) for x in shop.order.lines}
        assert kit_.whole(units) == kit_.begun(units)
