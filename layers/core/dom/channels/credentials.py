"""What a channel's own API asks of whoever calls it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the account's secret says of calling the channel; "" where it says nothing.

    `access_token` and `api_url` are of the channel's own API, `refund_url` and `refund_secret` of a
    receiver of signed requests.
    """

    access_token: str = ""
    api_url: str = ""
    refund_url: str = ""
    refund_secret: str = ""
