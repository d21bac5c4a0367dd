"""The document of a SKU's incoming supply, kept in line with the orders that bring it.

As with availability documents, a stream record is only a hint: what is written comes from
consistent reads, under the document's version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dom.errors import Busy
from dom.inventory.each import failing
from dom.model.ids import Sku
from dom.model.incoming import IncomingSupply, incoming
from dom.model.supply import SupplyId, SupplyOrder

# A conflict means that another order of the same SKU was just noted; the loser reads again.
ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class SupplyRecord:
    """From one stream record of a transfer or purchase: the SKUs whose part of it moved."""

    sequence: str
    order_id: SupplyId
    skus: frozenset[Sku]


class IncomingStore(Protocol):
    """Documents and the orders they are made of."""

    def documents(self, skus: Iterable[Sku]) -> Mapping[Sku, IncomingSupply]:
        """The document of each SKU, read consistently; of version 0 if there is none."""

    def order(self, order_id: SupplyId) -> SupplyOrder | None:
        """The order, read consistently, or None."""

    def replace(self, document: IncomingSupply) -> bool:
        """Store it as version + 1 if the stored version is still its own; False if not."""


def note(order_id: SupplyId, skus: Iterable[Sku], store: IncomingStore) -> int:
    """Bring the documents of these SKUs in line with the order; how many were written.

    Documents are read before the order: who holds a document's newest version has then read an
    order at least as new as those it was made of. Busy when others win eight times in a row.
    """
    left, written = set(skus), 0
    for _ in range(ATTEMPTS):
        documents = store.documents(sorted(left))
        order = store.order(order_id)
        told = {x: documents[x].told(order_id, incoming(order, x)) for x in sorted(left)}
        changed = [one for sku, one in told.items() if one.orders != documents[sku].orders]
        left = {one.sku for one in changed if not store.replace(one)}
        written += len(changed) - len(left)
        if not left:
            return written
    raise Busy(f"supply of {len(left)} SKUs keeps changing")


def note_all(
    records: Sequence[SupplyRecord],
    store: IncomingStore,
    report: Callable[[SupplyId, Exception], None],
) -> list[str]:
    """Note every order that moved; one that fails is reported and does not stop the others.

    Returns the sequence numbers of the records that must come again.
    """
    touched: dict[SupplyId, set[Sku]] = {}
    for record in records:
        touched.setdefault(record.order_id, set()).update(record.skus)
    failed = failing(touched, lambda order_id, skus: note(order_id, skus, store), report)
    return [record.sequence for record in records if record.order_id in failed]
