"""Receive a webhook: prove who speaks, keep it, answer. Nothing is stored for a stranger."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from dom.errors import Unauthenticated
from dom.intake.ports import Delivery, Inbound, InboundQueue, Request, Secrets, Verifier

# The account becomes a part of the secret's name.
ACCOUNT = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


def receive(
    request: Request, verifier: Verifier, secrets: Secrets, queue: InboundQueue, now: datetime
) -> Inbound | None:
    """Verify the delivery and put it into the queue; the answer may then be 200. None: it said
    nothing that is kept.

    Raises Unauthenticated (401, nothing kept), Retryable (503: the sender tries again).
    """
    account = request.account.lower()
    if not ACCOUNT.fullmatch(account):
        raise Unauthenticated("no such account")
    delivery = _verified(request, account, verifier, secrets, now)
    if not delivery.topic:
        return None
    inbound = Inbound(
        channel=request.channel,
        account=account,
        topic=delivery.topic,
        delivery_id=delivery.delivery_id,
        received_at=now,
        body=request.body,
        triggered_at=delivery.triggered_at,
    )
    queue.send(inbound)
    return inbound


def _verified(
    request: Request, account: str, verifier: Verifier, secrets: Secrets, now: datetime
) -> Delivery:
    def verify(candidates: Sequence[str]) -> Delivery:
        return verifier.verify(request.headers, request.body, account, candidates, now)

    known = secrets.get(request.channel, account)
    try:
        return verify(known)
    except Unauthenticated:
        # The secret may have been rotated since it was read.
        renewed = secrets.renewed(request.channel, account)
        if list(renewed) == list(known):
            raise
        return verify(renewed)
