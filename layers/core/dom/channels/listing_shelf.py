"""Shelves of channels whose API shows and sets one SKU at a time, and cannot compare before it
sets.

The figure is read again right before it is changed. A sale in between is overwritten, and is seen
at the next look: it is over within seconds, and the order that it made is never oversold here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence

from dom.http.client import Refused
from dom.model.ids import Sku
from dom.model.outlet import Wish

NOT_THERE = 404


class ListingShelf(ABC):
    """Three of the four methods of `dom.model.outlet.Shelf`, made of two. An item is the SKU
    itself, unless `find` says otherwise.
    """

    @abstractmethod
    def units(self, item: str) -> int | None:
        """What it shows now; None, or Refused with status 404: it is not stocked there."""

    @abstractmethod
    def put(self, item: str, units: int) -> str:
        """Show these units; why it was refused, "" if it was not. Refused says it likewise."""

    def find(self, skus: Iterable[Sku]) -> Mapping[Sku, Sequence[str]]:
        """See the protocol."""
        listed = self.look(sorted(set(skus)))
        return {Sku(sku): [sku] for sku, units in listed.items() if units is not None}

    def look(self, items: Sequence[str]) -> Mapping[str, int | None]:
        """See the protocol."""
        return {item: self._shown(item) for item in items}

    def show(self, wishes: Sequence[Wish]) -> Mapping[str, str]:
        """See the protocol."""
        refused: dict[str, str] = {}
        for wish in wishes:
            if self._shown(wish.item) != wish.seen:
                refused[wish.item] = ""
            elif reason := self._put(wish):
                refused[wish.item] = reason
        return refused

    def _shown(self, item: str) -> int | None:
        try:
            return self.units(item)
        except Refused as refused:
            if refused.status == NOT_THERE:
                return None
            raise

    def _put(self, wish: Wish) -> str:
        try:
            return self.put(wish.item, wish.units)
        except Refused as refused:
            return str(refused)
