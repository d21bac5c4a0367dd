"""Ports of subscriptions made from settings."""

from __future__ import annotations

import random

from dom.aws.clients import client
from dom.aws.deliveries import Deliveries
from dom.aws.queues import Queue
from dom.aws.subscribers import Subscribers
from dom.aws.subscription_secrets import SubscriptionSecrets
from dom.aws.subscription_store import SubscriptionStore
from dom.model.clock import system_clock
from dom.settings import Settings
from dom.subscriptions.ports import Desk


def subscriptions(settings: Settings) -> SubscriptionStore:
    """The subscriptions there are."""
    return SubscriptionStore(client("dynamodb"), settings.network_table)


def subscription_secrets(settings: Settings) -> SubscriptionSecrets:
    """What they are signed with."""
    return SubscriptionSecrets(client("secretsmanager"), settings.subscriptions_prefix)


def telling(settings: Settings) -> Desk:
    """All that it takes to tell them."""
    sqs = client("sqs")
    deliveries = Deliveries(
        Queue(sqs, settings.webhook_queue_url), Queue(sqs, settings.webhook_dlq_url)
    )
    subscribers = Subscribers(subscription_secrets(settings), system_clock)
    store = subscriptions(settings)
    return Desk(store, deliveries, subscribers.tell, system_clock, random.random)
