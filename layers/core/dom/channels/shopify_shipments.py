"""Shipments by Shopify's fulfillmentCreate, so that its orders and customers see them.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/fulfillmentCreate knows no idempotency
key: what was told before is found again by its tracking number or, without one, by its lines and
its time. Fulfillment orders of one call must share their location, so a shipment may take several.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from dom.channels.credentials import Credentials
from dom.channels.shopify_graphql import Json, ask, gid, pages, refused
from dom.errors import Rejected
from dom.model.fulfillment import FulfillmentOrder, parcel_key
from dom.model.order import Order

ORDER = """query Shipments($id: ID!) { order(id: $id) {
  fulfillments(first: 50) { id status createdAt trackingInfo(first: 10) { number } }
  fulfillmentOrders(first: 50) { nodes { id status assignedLocation { location { id } } } } } }"""
UNITS = """query Units($id: ID!, $after: String) { node(id: $id) { ... on Fulfillment {
  fulfillmentLineItems(first: 100, after: $after) {
    nodes { quantity lineItem { id } } pageInfo { hasNextPage endCursor } } } } }"""
OPEN_UNITS = """query Open($id: ID!, $after: String) { node(id: $id) { ... on FulfillmentOrder {
  lineItems(first: 100, after: $after) {
    nodes { id remainingQuantity lineItem { id } } pageInfo { hasNextPage endCursor } } } } }"""
CREATE = """mutation Ship($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) {
    fulfillment { id } userErrors { field message } } }"""

# What nobody here has to tell: it was fulfilled or cancelled there already.
TOLD_ALREADY = "told already"
_OVER = frozenset({"CANCELLED", "ERROR", "FAILURE"})
_OPEN = frozenset({"OPEN", "IN_PROGRESS"})
_LATER = frozenset({"ON_HOLD", "SCHEDULED"})
# Their clock and ours.
_SKEW = timedelta(minutes=5)


def tell(
    order: Order, work: FulfillmentOrder, others: Collection[str], credentials: Credentials
) -> str:
    """See `ShipmentTeller`."""
    shop = _Shop(order.account, credentials)
    found = shop.ask(ORDER, {"id": gid("Order", order.external_id)})["order"]
    if found is None:
        raise Rejected("Shopify does not know the order")
    wanted = Counter({gid("LineItem", line.line_id): line.quantity for line in work.lines})
    known = [one for one in _known(found["fulfillments"], work, others) if shop.fits(one, wanted)]
    for one in known:
        wanted -= shop.units(one["id"])
    made = [shop.create(part, work) for part in _parts(shop, found["fulfillmentOrders"], wanted)]
    return [*(str(one["id"]) for one in known), *made, TOLD_ALREADY][0]


class _Shop:
    """The questions to one shop."""

    def __init__(self, account: str, credentials: Credentials) -> None:
        self.account, self.credentials = account, credentials

    def ask(self, query: str, variables: Json) -> Json:
        return ask(self.account, self.credentials, query, variables)

    def nodes(self, query: str, name: str, field: str) -> Iterator[Json]:
        return pages(self.account, self.credentials, query, {"id": name}, "node", field)

    def units(self, fulfillment: str) -> Counter[str]:
        """Units by line item that a fulfillment there holds."""
        counted: Counter[str] = Counter()
        for node in self.nodes(UNITS, fulfillment, "fulfillmentLineItems"):
            counted[node["lineItem"]["id"]] += node["quantity"]
        return counted

    def fits(self, fulfillment: Json, wanted: Counter[str]) -> bool:
        """Whether all of it can be of these units: it is certain where a number says so."""
        return bool(fulfillment["trackingInfo"]) or self.units(fulfillment["id"]) <= wanted

    def open_units(self, fulfillment_order: str) -> list[Json]:
        return list(self.nodes(OPEN_UNITS, fulfillment_order, "lineItems"))

    def create(self, part: list[Json], work: FulfillmentOrder) -> str:
        told = {
            "lineItemsByFulfillmentOrder": part,
            "trackingInfo": _tracking(work),
            "notifyCustomer": False,
        }
        made = self.ask(CREATE, {"fulfillment": told})["fulfillmentCreate"]
        if made["userErrors"]:
            raise refused(made["userErrors"])
        return str(made["fulfillment"]["id"])


def _known(made: list[Json], work: FulfillmentOrder, others: Collection[str]) -> Iterator[Json]:
    """Fulfillments there that an earlier attempt may have made."""
    numbers = {parcel.key for parcel in work.parcels if parcel.key}
    since = min((x.at for x in work.history if x.type in _SENT), default=work.created_at)
    for one in made:
        if one["status"] in _OVER or one["id"] in others:
            continue
        theirs = {parcel_key(info["number"] or "") for info in one["trackingInfo"]} - {""}
        if numbers & theirs or (not (numbers or theirs) and _after(one["createdAt"], since)):
            yield one


_SENT = frozenset({"FulfillmentOrderShipped", "FulfillmentOrderCollected"})


def _after(made_at: str, since: datetime | None) -> bool:
    return since is None or datetime.fromisoformat(made_at) >= since - _SKEW


def _parts(shop: _Shop, orders: Json, wanted: Counter[str]) -> Iterator[list[Json]]:
    """What to fulfill, for each location that Shopify has the units at.

    Rejected: units wait there for somebody who lifts a hold.
    """
    by_place: dict[str, list[Json]] = {}
    later = False
    for one in orders["nodes"]:
        if not +wanted or one["status"] not in _OPEN | _LATER:
            continue
        items = _taken(shop.open_units(one["id"]), wanted, take=one["status"] in _OPEN)
        if one["status"] in _LATER:
            later = later or bool(items)
        elif items:
            place = (one["assignedLocation"]["location"] or {}).get("id", "")
            part = {"fulfillmentOrderId": one["id"], "fulfillmentOrderLineItems": items}
            by_place.setdefault(place, []).append(part)
    if +wanted and later:
        raise Rejected("Shopify holds the fulfillment order: release the hold there, then redrive")
    yield from by_place.values()


def _taken(nodes: list[Json], wanted: Counter[str], *, take: bool) -> list[Json]:
    items: list[Json] = []
    for node in nodes:
        line = node["lineItem"]["id"]
        units = min(wanted[line], node["remainingQuantity"])
        if units > 0:
            items.append({"id": node["id"], "quantity": units})
            if take:
                wanted[line] -= units
    return items


def _tracking(work: FulfillmentOrder) -> Json | None:
    """Shopify makes the links of carriers that it knows; ours are told where all have one."""
    parcels = [parcel for parcel in work.parcels if parcel.tracking_number]
    if not parcels:
        return None
    told: Json = {"numbers": [parcel.tracking_number for parcel in parcels]}
    carriers = {parcel.carrier for parcel in parcels}
    if len(carriers) == 1 and "" not in carriers:
        told["company"] = carriers.pop()
    if all(parcel.tracking_url for parcel in parcels):
        told["urls"] = [parcel.tracking_url for parcel in parcels]
    return told
