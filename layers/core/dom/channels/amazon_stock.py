"""What a seller's listings in one marketplace show, by Amazon's Listings Items API 2021-08-01.

https://developer-docs.amazon.com/sp-api/docs/merge-a-listing: merging changes the quantity, and
leaves the handling time alone. Changes are ACCEPTED, and carried out minutes later: issues that
come then show at the next look, as a listing that still shows the old figure. What Amazon itself
stores (FBA) is not looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from dom.channels.amazon_api import ask, seller_id
from dom.channels.credentials import Credentials
from dom.channels.listing_shelf import ListingShelf
from dom.errors import Busy
from dom.model.outlet import Outlet, Shown

# The channel of stock that the seller ships.
OWN = "DEFAULT"
PAGE = 20

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class AmazonShelf(ListingShelf):
    """`dom.model.outlet.Shelf` of one seller; the outlet's location is the marketplace's id."""

    outlet: Outlet
    credentials: Credentials

    def page(self, cursor: str) -> tuple[Sequence[Shown], str]:
        """See the protocol."""
        query = {"pageSize": str(PAGE), **({"pageToken": cursor} if cursor else {})}
        answer = self._ask("GET", "", query)
        items, paging = answer.get("items"), answer.get("pagination")
        if not isinstance(items, list):
            raise Busy("the answer has no items")
        figures = ((str(one["sku"]), _own(one)) for one in items)
        shown = [Shown(sku, sku, units) for sku, units in figures if units is not None]
        following = paging.get("nextToken") if isinstance(paging, Mapping) else ""
        return shown, str(following or "")

    def units(self, item: str) -> int | None:
        """See the base."""
        return _own(self._ask("GET", f"/{quote(item, safe='')}", {}))

    def put(self, item: str, units: int) -> str:
        """See the base."""
        value = [{"fulfillment_channel_code": OWN, "quantity": units}]
        merged = {"op": "merge", "path": "/attributes/fulfillment_availability", "value": value}
        body = {"productType": "PRODUCT", "patches": [merged]}
        answer = self._ask("PATCH", f"/{quote(item, safe='')}", {}, body)
        if answer.get("status") in ("ACCEPTED", "VALID"):
            return ""
        issues = answer.get("issues")
        named = issues if isinstance(issues, list) else []
        return "; ".join(str(one.get("message")) for one in named)[:400] or "not accepted"

    def _ask(
        self, method: str, path: str, query: Mapping[str, str], payload: object = None
    ) -> Json:
        account = self.outlet.account
        whole = f"/listings/2021-08-01/items/{seller_id(account)}{path}"
        asked = {"marketplaceIds": self.outlet.location, **query}
        if method == "GET":
            asked["includedData"] = "fulfillmentAvailability"
        return ask(account, self.credentials, method, whole, asked, payload).object()


def _own(listing: Mapping[str, object]) -> int | None:
    """Units that the seller ships; None where Amazon ships it."""
    found = listing.get("fulfillmentAvailability")
    for one in found if isinstance(found, list) else ():
        if one.get("fulfillmentChannelCode") == OWN:
            return int(one.get("quantity") or 0)
    return None
