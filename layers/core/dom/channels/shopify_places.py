"""Where what has no address goes, by Shopify's fulfillment orders: at which store it is collected.

https://shopify.dev/docs/api/admin-graphql/latest/objects/FulfillmentOrder. A location there is our
location of the id that its metafield `dom.location_id` names, else of its own name.
"""

from __future__ import annotations

from dom.channels.credentials import Credentials
from dom.channels.shopify_graphql import Json, ask, gid

PLACES = """query Places($id: ID!) { order(id: $id) { fulfillmentOrders(first: 50) { nodes {
  status deliveryMethod { methodType } assignedLocation { name location { id
    metafield(namespace: "dom", key: "location_id") { value } } } } } } }"""


def places_of(account: str, credentials: Credentials, order: str) -> list[dict[str, str]]:
    """The order's fulfillment orders, as `dom.channels.shopify_models.FulfillmentOrder` reads them.

    Empty while Shopify has not made them. Rejected: not with this token.
    """
    found = ask(account, credentials, PLACES, {"id": gid("Order", order)})["order"]
    nodes = found["fulfillmentOrders"]["nodes"] if found else []
    return [
        {
            "status": str(one["status"]),
            "method": str((one["deliveryMethod"] or {}).get("methodType") or ""),
            "location": _ours(one["assignedLocation"] or {}),
        }
        for one in nodes
    ]


def _ours(assigned: Json) -> str:
    metafield = (assigned.get("location") or {}).get("metafield") or {}
    return str(metafield.get("value") or assigned.get("name") or "")
