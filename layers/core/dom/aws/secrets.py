"""What is kept in Secrets Manager, read; signing secrets of channels cached.

Those can be rotated without a restart.
"""

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


def read_secret(client: Any, name: str, **version: str) -> str | None:
    """A secret's text, of the current version unless `VersionStage` names another; None: there is
    none. Busy: it cannot be read now.
    """
    try:
        answer = client.get_secret_value(SecretId=name, **version)
    except client.exceptions.ResourceNotFoundException:
        return None
    except (BotoCoreError, ClientError) as error:
        raise Busy(f"secret {name} could not be read: {type(error).__name__}") from error
    return str(answer.get("SecretString", ""))


def read_json(client: Any, name: str) -> dict[str, Any] | None:
    """A secret that is a JSON object; None: there is none. Busy: not readable now, or not JSON."""
    text = read_secret(client, name)
    if text is None:
        return None
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Busy(f"secret {name} is not a JSON object")
    return found


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
        stored = read_json(self.client, name)
        if stored is None:
            return ()
        if not isinstance(listed := stored.get("webhook_secrets"), list):
            raise Busy(f"secret {name} has no list of webhook_secrets")
        # An empty key would sign anything.
        return tuple(secret for secret in listed if isinstance(secret, str) and secret)
