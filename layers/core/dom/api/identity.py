"""Who calls, and what they may do: what the authorizer found, as the API's functions receive it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dom.errors import Forbidden, Unauthenticated

ALL = "*"
SCOPES = frozenset(
    {
        "orders:read",
        "orders:write",
        "inventory:read",
        "inventory:write",
        "locations:read",
        "locations:write",
        "products:read",
        "products:write",
        "fulfillments:read",
        "fulfillments:write",
        "promise:read",
        "controls:read",
        "controls:write",
        "channels:read",
        "channels:write",
        "feeds:read",
        "feeds:write",
        "partners:read",
        "partners:write",
        "reservations:write",
        "subscriptions:read",
        "subscriptions:write",
        "returns:read",
        "returns:write",
        "returns:handle",
        "returns:approve",
        "routing:read",
        "routing:write",
        "rules:read",
        "rules:write",
        ALL,
    }
)


@dataclass(frozen=True, slots=True)
class Identity:
    """The owner of a bearer token. `location_ids` None: every location, else only these.

    `expires_at` is seconds since 1970, None: never.
    """

    name: str
    scopes: frozenset[str]
    location_ids: frozenset[str] | None = None
    expires_at: int | None = None

    def expired(self, now: datetime) -> bool:
        """Whether the token's time is over."""
        return self.expires_at is not None and now.timestamp() >= self.expires_at

    def sees(self, location_id: str) -> bool:
        """Whether work and writes at that location are within the token's reach."""
        return self.location_ids is None or location_id in self.location_ids

    def require(self, scope: str) -> None:
        """Forbidden unless the token has the scope or `*`."""
        if not self.scopes & {scope, ALL}:
            raise Forbidden(f"this needs the scope {scope}")

    def require_location(self, location_id: str) -> None:
        """Forbidden unless the token reaches the location."""
        if not self.sees(location_id):
            raise Forbidden(f"this token does not reach location {location_id}")


def to_context(identity: Identity) -> dict[str, str]:
    """The authorizer's context: API Gateway passes on flat strings only."""
    return {
        "name": identity.name,
        "scopes": " ".join(sorted(identity.scopes)),
        "location_ids": json.dumps(sorted(identity.location_ids or ())),
        "expires_at": "" if identity.expires_at is None else str(identity.expires_at),
    }


def from_context(context: Mapping[str, str] | None, now: datetime) -> Identity:
    """The identity in a proxy event's `requestContext.authorizer`.

    Unauthenticated when there is none, or when the token ran out while its policy was cached.
    """
    if not context or not context.get("name"):
        raise Unauthenticated("a bearer token is needed")
    expires = context.get("expires_at")
    identity = Identity(
        context["name"],
        frozenset(context.get("scopes", "").split()),
        frozenset(json.loads(context.get("location_ids") or "[]")) or None,
        int(expires) if expires else None,
    )
    if identity.expired(now):
        raise Unauthenticated("the bearer token has expired")
    return identity
