"""Signing secrets of channels in Secrets Manager: cached, and rotatable without a restart."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.errors import Busy

# A rotated secret is seen at the first signature that fails, so this only bounds for how long a
# withdrawn one is still taken.
SECONDS_FRESH = 300.0
# Between two reads that a stranger's bad signature can cause, per account.
SECONDS_BETWEEN_RENEWALS = 10.0
# Accounts of strangers are remembered too (as unknown); then the memory starts anew.
MOST_ACCOUNTS = 1000


@dataclass(frozen=True, slots=True)
class _Known:
    secrets: tuple[str, ...]
    read_at: float


@dataclass(slots=True)
class ChannelSecrets:
    """`<prefix>/<channel>/<account>` = `{"webhook_secrets": ["current", "previous"]}`."""

    client: Any
    prefix: str
    seconds: Callable[[], float] = time.monotonic
    _cache: dict[str, _Known] = field(default_factory=dict)

    def get(self, channel: str, account: str) -> Sequence[str]:
        """The secrets, at most five minutes old; none for an unknown account."""
        return self._read(f"{self.prefix}/{channel}/{account}", SECONDS_FRESH)

    def renewed(self, channel: str, account: str) -> Sequence[str]:
        """The secrets, at most ten seconds old."""
        return self._read(f"{self.prefix}/{channel}/{account}", SECONDS_BETWEEN_RENEWALS)

    def _read(self, name: str, oldest: float) -> tuple[str, ...]:
        known, now = self._cache.get(name), self.seconds()
        if known and now - known.read_at < oldest:
            return known.secrets
        try:
            secrets = self._fetch(name)
        except Busy:
            if known and known.secrets:
                return known.secrets
            raise
        if len(self._cache) >= MOST_ACCOUNTS:
            self._cache.clear()
        self._cache[name] = _Known(secrets, now)
        return secrets

    def _fetch(self, name: str) -> tuple[str, ...]:
        try:
            answer = self.client.get_secret_value(SecretId=name)
            listed = json.loads(answer["SecretString"])["webhook_secrets"]
        except self.client.exceptions.ResourceNotFoundException:
            return ()
        except (BotoCoreError, ClientError, ValueError, KeyError, TypeError) as error:
            raise Busy(f"secret {name} could not be read: {type(error).__name__}") from error
        # An empty key would sign anything.
        return tuple(secret for secret in listed if isinstance(secret, str) and secret)
