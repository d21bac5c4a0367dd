"""What a channel's own API asks of whoever calls it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the account's secret says of calling the channel; "" where it says nothing.

    `access_token` (or `consumer_key` and `consumer_secret`) and `api_url` are of the channel's own
    API; `refund_url` and `refund_secret`, `payment_url` and `payment_secret` of receivers of signed
    requests. `refresh_token` is exchanged for tokens that live an hour; `marketplaces` (ids, by
    comma) and `api_version` are Amazon's.
    """

    access_token: str = ""
    api_url: str = ""
    refund_url: str = ""
    refund_secret: str = ""
    payment_url: str = ""
    payment_secret: str = ""
    consumer_key: str = ""
    consumer_secret: str = ""
    refresh_token: str = ""
    marketplaces: str = ""
    api_version: str = ""

    @property
    def can_call(self) -> bool:
        """Whether the channel's own API can be called at all."""
        return bool(self.access_token or (self.consumer_key and self.consumer_secret))
