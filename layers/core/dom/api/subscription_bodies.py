"""What is sent to describe subscriptions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from dom.api.event_types import event_types
from dom.model.subscription import ANY, Subscription, SubscriptionStatus

_URL = r"^https://[!-~]{1,1990}$"


def _well_formed(url: str) -> str:
    """ValueError if it names no host, or somebody's password."""
    parts = urlsplit(url)
    if not parts.hostname or "@" in parts.netloc or parts.fragment or parts.port == 0:
        raise ValueError("https with a host, and neither credentials nor a fragment")
    return url


def _published(name: str) -> str:
    if name != ANY and name not in event_types():
        raise ValueError("no type of the catalogue of events, nor *")
    return name


Url = Annotated[str, Field(pattern=_URL), AfterValidator(_well_formed)]
Types = Annotated[
    list[Annotated[str, AfterValidator(_published)]], Field(min_length=1, max_length=200)
]
Places = Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=100)]


class SubscriptionBody(BaseModel):
    """Events of these types (`*`: all, also those to come) are sent to `url` from now on; with
    `location_ids`, only those that name one of these.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    url: Url
    event_types: Types
    location_ids: Places = Field(default_factory=list)

    def subscription(self, name: str, now: datetime, by: str) -> Subscription:
        """The subscription of that id."""
        types, places = tuple(self.event_types), tuple(self.location_ids)
        return Subscription(name, self.url, types, now, by, places)


class SubscriptionChangeBody(BaseModel):
    """What is to be otherwise. `status`: `paused`, nothing is sent and what would be waits; or
    `active` again.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    url: Url | None = None
    event_types: Types | None = None
    location_ids: Places | None = None
    status: SubscriptionStatus | None = None

    def change(self, before: Subscription, by: str) -> Subscription:
        """It, as it is from now on; `by` whom it is paused."""
        status = before.status if self.status is None else self.status
        paused = status is SubscriptionStatus.PAUSED
        reason = before.reason or f"by {by}"
        return replace(
            before,
            url=before.url if self.url is None else self.url,
            event_types=_or(self.event_types, before.event_types),
            location_ids=_or(self.location_ids, before.location_ids),
            status=status,
            reason=reason if paused else "",
        )


def _or(given: list[str] | None, before: tuple[str, ...]) -> tuple[str, ...]:
    return before if given is None else tuple(given)


class RotateBody(BaseModel):
    """For so many hours both secrets sign; 0: the old one does not any more, a minute later."""

    model_config = ConfigDict(extra="forbid")

    overlap_hours: Annotated[int, Field(ge=0, le=168, strict=True)] = 24
