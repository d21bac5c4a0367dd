"""Make, change and end subscriptions, and give them new secrets."""

from __future__ import annotations

import base64
import secrets as chance
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from dom.errors import Busy, NotFound, Rejected
from dom.model.subscription import MOST, Subscription
from dom.subscriptions.ports import Secrets, Subscriptions

ATTEMPTS = 6


def subscribe(wanted: Subscription, store: Subscriptions, secrets: Secrets) -> str:
    """Its secret. Rejected: there are as many as there may be. Busy: it was not made.

    The secret is there first: what cannot be signed is never sent.
    """
    if len(store.all()) >= MOST:
        raise Rejected(f"there are {MOST} subscriptions already")
    secret = new_secret()
    secrets.create(wanted.id, secret)
    if not store.save(replace(wanted, version=1), None):
        raise Busy("this id is taken")
    return secret


def change(
    name: str, changed: Callable[[Subscription], Subscription], store: Subscriptions
) -> Subscription:
    """It as it is from now on, as if it had never failed. NotFound. Busy after six conflicts."""
    for _ in range(ATTEMPTS):
        previous = existing(name, store)
        wanted = changed(previous)
        if wanted == previous and not previous.failures:
            return previous
        made = replace(wanted.afresh(), version=previous.version + 1)
        if store.save(made, previous):
            return made
    raise Busy(f"{name} keeps changing")


def rotate(
    name: str, overlap: timedelta, now: datetime, store: Subscriptions, secrets: Secrets
) -> str:
    """A new secret; the one before signs beside it as long as they overlap. NotFound, Busy."""
    existing(name, store)
    secret = new_secret()
    secrets.rotate(name, secret, now + overlap)
    return secret


def unsubscribe(name: str, store: Subscriptions, secrets: Secrets) -> Subscription:
    """It as it was. What is on its way is dropped. NotFound; Busy: ask again."""
    found = existing(name, store)
    secrets.remove(name)
    store.remove(name)
    return found


def existing(name: str, store: Subscriptions) -> Subscription:
    """The one of that id; NotFound."""
    found = store.find(name)
    if found is None:
        raise NotFound("subscription", name)
    return found


def new_id() -> str:
    """One that nobody has."""
    return f"sub_{chance.token_hex(10)}"


def new_secret() -> str:
    """As Standard Webhooks writes them: 32 bytes."""
    return "whsec_" + base64.b64encode(chance.token_bytes(32)).decode()
