"""Documents of what is on its way: in line with their orders, whatever hints arrive how often."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from dom.errors import Busy
from dom.inventory.await_supply import SupplyRecord, note, note_all
from dom.model.ids import LocationId, Sku
from dom.model.incoming import MOST_ENTRIES, Incoming, IncomingSupply, incoming
from dom.model.supply import SupplyId, SupplyKind, SupplyLine, SupplyOrder, SupplyStatus
from hypothesis import given
from hypothesis import strategies as st
from support.builders import NOW

MUG, HAT = Sku("MUG"), Sku("HAT")
RENO, CHI = LocationId("RENO"), LocationId("CHI")
DAY = NOW.date()
PO, OTHER = SupplyId("po_a"), SupplyId("po_b")


def purchase(*lines: SupplyLine, name: SupplyId = PO, **rest: object) -> SupplyOrder:
    made = SupplyOrder(name, SupplyKind.PURCHASE, RENO, "R", lines, NOW, "ops", expected_on=DAY)
    return replace(made, **rest)  # type: ignore[arg-type]


@dataclass
class Store:
    """Orders and documents in memory; `between` runs after documents were read: other shards."""

    orders: dict[SupplyId, SupplyOrder] = field(default_factory=dict)
    stored: dict[Sku, IncomingSupply] = field(default_factory=dict)
    between: Callable[[], None] = lambda: None
    broken: SupplyId | None = None
    writes: int = 0

    def documents(self, skus: Iterable[Sku]) -> dict[Sku, IncomingSupply]:
        found = {sku: self.stored.get(sku, IncomingSupply(sku)) for sku in skus}
        self.between()
        return found

    def order(self, order_id: SupplyId) -> SupplyOrder | None:
        if order_id == self.broken:
            raise TimeoutError
        return self.orders.get(order_id)

    def replace(self, document: IncomingSupply) -> bool:
        if self.stored.get(document.sku, IncomingSupply(document.sku)).version != document.version:
            return False
        self.stored[document.sku] = replace(document, version=document.version + 1)
        self.writes += 1
        return True


def test_of_a_purchase_what_was_ordered_and_has_not_come() -> None:
    order = purchase(SupplyLine(MUG, 10, received=4))
    assert incoming(order, MUG) == Incoming(RENO, 6, DAY)
    assert incoming(purchase(SupplyLine(MUG, 10, received=12)), MUG) is None
    assert incoming(order, HAT) is None and incoming(None, MUG) is None


def test_of_a_transfer_what_has_left_since_the_rest_is_stock_where_it_lies() -> None:
    line = SupplyLine(MUG, 10, shipped=6, received=2)
    order = purchase(line, kind=SupplyKind.TRANSFER, from_location=CHI)
    assert incoming(order, MUG) == Incoming(RENO, 4, DAY)
    assert incoming(replace(order, lines=(SupplyLine(MUG, 10),)), MUG) is None


@pytest.mark.parametrize("status", [SupplyStatus.CLOSED, SupplyStatus.CANCELLED])
def test_of_an_order_that_is_over_nothing(status: SupplyStatus) -> None:
    assert incoming(purchase(SupplyLine(MUG, 10), status=status), MUG) is None


def test_a_document_names_each_order_until_nothing_of_it_comes() -> None:
    store = Store({PO: purchase(SupplyLine(MUG, 10), SupplyLine(HAT, 1))})
    assert note(PO, [MUG, HAT], store) == 2
    assert store.stored[MUG] == IncomingSupply(MUG, {PO: Incoming(RENO, 10, DAY)}, 1)
    store.orders[PO] = purchase(SupplyLine(MUG, 10, received=10), SupplyLine(HAT, 1))
    assert note(PO, [MUG, HAT], store) == 1
    assert store.stored[MUG] == IncomingSupply(MUG, {}, 2)


def test_a_repeat_writes_nothing() -> None:
    store = Store({PO: purchase(SupplyLine(MUG, 10))})
    note(PO, [MUG], store)
    assert note(PO, [MUG], store) == 0 and store.writes == 1


def test_a_shard_that_read_an_old_order_cannot_overwrite_one_that_read_a_newer() -> None:
    store = Store({PO: purchase(SupplyLine(MUG, 10))})

    def other_shard() -> None:
        store.between = lambda: None
        store.orders[PO] = purchase(SupplyLine(MUG, 10, received=3))
        note(PO, [MUG], store)

    store.between = other_shard
    note(PO, [MUG], store)
    assert store.stored[MUG].orders == {PO: Incoming(RENO, 7, DAY)}


def test_a_document_that_never_stands_still_is_left_for_the_next_delivery() -> None:
    store = Store({PO: purchase(SupplyLine(MUG, 10))})

    def other_shard() -> None:
        found = store.stored.get(MUG, IncomingSupply(MUG))
        store.stored[MUG] = replace(found, version=found.version + 1)

    store.between = other_shard
    with pytest.raises(Busy):
        note(PO, [MUG], store)


def test_an_order_that_fails_does_not_hold_up_the_others() -> None:
    orders = {one: purchase(SupplyLine(MUG, 1), name=one) for one in (PO, OTHER)}
    store, reported = Store(orders, broken=PO), list[SupplyId]()
    records = [SupplyRecord(n, one, frozenset({MUG})) for n, one in (("7", PO), ("8", OTHER))]
    assert note_all(records, store, lambda name, _: reported.append(name)) == ["7"]
    assert reported == [PO] and set(store.stored[MUG].orders) == {OTHER}


def test_a_document_keeps_what_comes_first_when_there_is_too_much() -> None:
    document = IncomingSupply(MUG)
    for n in range(MOST_ENTRIES + 5, 0, -1):
        document = document.told(SupplyId(f"po_{n}"), Incoming(RENO, 1, DAY + timedelta(days=n)))
    assert len(document.orders) == MOST_ENTRIES
    assert max(one.on for one in document.orders.values() if one.on) == DAY + timedelta(
        days=MOST_ENTRIES
    )


STEPS = st.lists(
    st.tuples(st.sampled_from([PO, OTHER]), st.integers(0, 6), st.sampled_from(list(SupplyStatus))),
    max_size=12,
)


@given(STEPS, st.data())
def test_hints_in_any_order_repeated_and_lost_but_for_the_last_end_in_the_truth(
    steps: list[tuple[SupplyId, int, SupplyStatus]], data: st.DataObject
) -> None:
    store, hints = Store(), list[SupplyId]()
    for name, received, status in steps:
        store.orders[name] = purchase(
            SupplyLine(MUG, 5, received=received), name=name, status=status
        )
        hints.append(name)
        if data.draw(st.booleans()):
            note(data.draw(st.sampled_from(hints)), [MUG], store)
    for name in data.draw(st.permutations(sorted(set(hints)))):
        note(name, [MUG], store)
    wanted = {name: incoming(order, MUG) for name, order in store.orders.items()}
    found = store.stored.get(MUG, IncomingSupply(MUG)).orders
    assert found == {name: one for name, one in wanted.items() if one}
