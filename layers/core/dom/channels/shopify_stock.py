"""What a Shopify location shows as `available`, read and set by GraphQL.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/inventorySetQuantities: from version
2026-04 on each quantity says what it is changed from, and the mutation refuses all of them if one
shows another by now; it names which.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dom.channels.credentials import Credentials
from dom.channels.shopify_graphql import Json, ask, gid, pages
from dom.errors import Busy, Rejected
from dom.model.ids import Sku
from dom.model.outlet import Outlet, Shown, Wish

ITEMS = """query Items($query: String!, $after: String) {
  inventoryItems(first: 100, query: $query, after: $after) {
    nodes { id sku } pageInfo { hasNextPage endCursor } } }"""
LOOK = """query Look($ids: [ID!]!, $place: ID!) { nodes(ids: $ids) { ... on InventoryItem {
  id inventoryLevel(locationId: $place) { quantities(names: ["available"]) { quantity } } } } }"""
LEVELS = """query Levels($place: ID!, $after: String) { location(id: $place) {
  inventoryLevels(first: 100, after: $after) {
    nodes { item { id sku tracked } quantities(names: ["available"]) { quantity } }
    pageInfo { hasNextPage endCursor } } } }"""
SHOW = """mutation Show($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    userErrors { code field message } } }"""

# A search of more terms is refused; an answer costs by what it may hold.
SKUS_A_SEARCH = 20
ITEMS_A_LOOK = 100
# How often a change is sent again without those that were refused.
ATTEMPTS = 3
_STALE = frozenset({"CHANGE_FROM_QUANTITY_STALE", "COMPARE_QUANTITY_STALE"})
_NOT_NOW = frozenset({"IDEMPOTENCY_CONCURRENT_REQUEST"})
_SPECIAL = re.compile(r'(["\\])')


@dataclass(frozen=True, slots=True)
class ShopifyShelf:
    """`dom.model.outlet.Shelf` of one shop's location."""

    outlet: Outlet
    credentials: Credentials

    def find(self, skus: Iterable[Sku]) -> Mapping[Sku, Sequence[str]]:
        """See the protocol. The search ignores case and parts: what is not equal is not ours."""
        shop = self.outlet.account, self.credentials
        found: dict[Sku, list[str]] = {}
        for chunk in _chunks(sorted(set(skus)), SKUS_A_SEARCH):
            for node in pages(*shop, ITEMS, {"query": _any_of(chunk)}, "inventoryItems"):
                if node["sku"] in chunk:
                    found.setdefault(Sku(node["sku"]), []).append(node["id"])
        return found

    def look(self, items: Sequence[str]) -> Mapping[str, int | None]:
        """See the protocol. An item that is gone is not stocked."""
        shown: dict[str, int | None] = dict.fromkeys(items)
        for chunk in _chunks(items, ITEMS_A_LOOK):
            nodes = self._ask(LOOK, {"ids": list(chunk), "place": self._place})["nodes"]
            shown |= {one["id"]: _available(one["inventoryLevel"]) for one in nodes if one}
        return shown

    def show(self, wishes: Sequence[Wish]) -> Mapping[str, str]:
        """See the protocol."""
        refused: dict[str, str] = {}
        for _ in range(ATTEMPTS):
            left = [wish for wish in wishes if wish.item not in refused]
            named = self._set(left) if left else {}
            if not named:
                return refused
            refused |= named
        rest = dict.fromkeys((wish.item for wish in wishes if wish.item not in refused), "")
        return {**rest, **refused}

    def page(self, cursor: str) -> tuple[Sequence[Shown], str]:
        """See the protocol. What Shopify does not track shows no quantity."""
        asked = {"place": self._place, "after": cursor or None}
        place = self._ask(LEVELS, asked)["location"]
        if place is None:
            raise Rejected(f"Shopify does not know location {self.outlet.location}")
        levels = place["inventoryLevels"]
        shown = [
            Shown(node["item"]["id"], node["item"]["sku"] or "", _available(node) or 0)
            for node in levels["nodes"]
            if node["item"]["tracked"]
        ]
        more = levels["pageInfo"]
        return shown, str(more["endCursor"]) if more["hasNextPage"] else ""

    def _set(self, wishes: list[Wish]) -> dict[str, str]:
        """Items that kept Shopify from changing any of these, and why; none: all are changed."""
        quantities = [
            {
                "inventoryItemId": wish.item,
                "locationId": self._place,
                "quantity": wish.units,
                "changeFromQuantity": wish.seen,
            }
            for wish in wishes
        ]
        told = {"name": "available", "reason": "correction", "quantities": quantities}
        # Of its own each time: the same change may be right again later, and `changeFromQuantity`
        # is what keeps it from being made twice.
        made = self._ask(SHOW, {"input": told, "key": str(uuid.uuid4())})["inventorySetQuantities"]
        return _refused(made["userErrors"], wishes)

    @property
    def _place(self) -> str:
        return gid("Location", self.outlet.location)

    def _ask(self, query: str, variables: Json) -> Json:
        return ask(self.outlet.account, self.credentials, query, variables)


def _refused(errors: list[Json], wishes: list[Wish]) -> dict[str, str]:
    """By item, why ("": it shows another). Rejected: an error that is not of one item."""
    named: dict[str, str] = {}
    for error in errors:
        if error["code"] in _NOT_NOW:
            raise Busy(f"Shopify: {error['message']}")
        index = next((int(part) for part in error["field"] or [] if part.isdigit()), None)
        if index is None or index >= len(wishes):
            raise Rejected(f"Shopify: {error['message']}"[:400])
        reason = "" if error["code"] in _STALE else f"{error['code']}: {error['message']}"
        named[wishes[index].item] = reason
    return named


def _available(level: Json | None) -> int | None:
    return int(level["quantities"][0]["quantity"]) if level else None


def _any_of(skus: Sequence[str]) -> str:
    escaped = (_SPECIAL.sub(r"\\\1", sku) for sku in skus)
    return " OR ".join(f'sku:"{sku}"' for sku in escaped)


def _chunks(values: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (values[start : start + size] for start in range(0, len(values), size))
