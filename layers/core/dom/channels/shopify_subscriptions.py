"""Which webhooks a shop sends us: every topic that we understand, to one address.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/webhookSubscriptionCreate. Shopify
deletes a subscription after eight failed deliveries in a row, so that it has to be looked after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dom.channels.credentials import Credentials
from dom.channels.shopify_graphql import ask, pages, refused

KNOWN = """query Subscriptions($after: String) {
  webhookSubscriptions(first: 100, after: $after) {
    nodes { id topic uri } pageInfo { hasNextPage endCursor } } }"""
CREATE = """mutation Subscribe($topic: WebhookSubscriptionTopic!, $to: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $to) {
    webhookSubscription { id } userErrors { field message } } }"""


@dataclass(frozen=True, slots=True)
class Subscribed:
    """Topics that are new now, those that were there, and other addresses that hear of them."""

    new: Sequence[str]
    known: Sequence[str]
    others: Sequence[str]


def topics() -> list[str]:
    """Every topic that we understand, as webhooks name them."""
    from dom.channels.shopify_orders import PARSERS as ORDERS
    from dom.channels.shopify_returns import PARSERS as RETURNS

    return sorted({*ORDERS, *RETURNS})


def subscribe(account: str, credentials: Credentials, address: str) -> Subscribed:
    """Make the missing subscriptions; what is there stays as it is.

    Rejected: the shop refuses one. Busy: not now; those made so far are found the next time.
    """
    there: dict[str, set[str]] = {}
    for node in pages(account, credentials, KNOWN, {}, "webhookSubscriptions"):
        there.setdefault(node["topic"], set()).add(node["uri"])
    wanted = topics()
    new = [topic for topic in wanted if address not in there.get(_enum(topic), ())]
    for topic in new:
        told = {"topic": _enum(topic), "to": {"uri": address, "format": "JSON"}}
        made = ask(account, credentials, CREATE, told)["webhookSubscriptionCreate"]
        if made["userErrors"]:
            raise refused(made["userErrors"])
    others = {uri for topic in wanted for uri in there.get(_enum(topic), ())} - {address}
    return Subscribed(new, [topic for topic in wanted if topic not in new], sorted(others))


def _enum(topic: str) -> str:
    """`orders/create` is ORDERS_CREATE in GraphQL."""
    return topic.replace("/", "_").upper()
