"""What subscribers' requests are signed with, in Secrets Manager."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.aws.secrets import read_json
from dom.errors import Busy
from dom.http.signed import SigningKey
from dom.model.clock import from_text, to_text

# How old a secret may be that is signed with: one that was replaced signs beside the new one for
# longer, unless somebody wants it otherwise.
SECONDS_FRESH = 60.0


@dataclass(slots=True)
class SubscriptionSecrets:
    """`dom.subscriptions.ports.Secrets`: `<prefix>/<id>` = `{"secret": "whsec_…"}`.

    `previous` until `previous_until` is the one before; `url`, where our own people put one, is
    where it goes instead, which may be inside our network.
    """

    client: Any
    prefix: str
    seconds: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[float, Mapping[str, Any]]] = field(default_factory=dict)

    def create(self, name: str, secret: str) -> None:
        """See the port."""
        text = json.dumps({"secret": secret})
        self._done(self.client.create_secret, Name=self._name(name), SecretString=text)

    def rotate(self, name: str, secret: str, until: datetime) -> None:
        """See the port."""
        stored = read_json(self.client, self._name(name)) or {}
        before = {"previous": stored.get("secret", ""), "previous_until": to_text(until)}
        text = json.dumps({**stored, **before, "secret": secret})
        self._done(self.client.put_secret_value, SecretId=self._name(name), SecretString=text)

    def remove(self, name: str) -> None:
        """See the port. Nothing is signed with it any more, so nobody wants it back."""
        with suppress(self.client.exceptions.ResourceNotFoundException):
            self._done(
                self.client.delete_secret,
                SecretId=self._name(name),
                ForceDeleteWithoutRecovery=True,
            )

    def keys(self, name: str, now: datetime) -> list[SigningKey]:
        """By which to sign: the newest first. Empty: there is none. Busy: not readable now."""
        stored = self._read(name)
        previous, until = stored.get("previous"), stored.get("previous_until")
        overlaps = bool(previous and until and now < from_text(str(until)))
        found = [stored.get("secret"), previous if overlaps else ""]
        return [SigningKey(str(one)) for one in found if one]

    def url(self, name: str) -> str:
        """Where it goes instead; "" if nobody said. Busy likewise."""
        return str(self._read(name).get("url") or "")

    def _read(self, name: str) -> Mapping[str, Any]:
        known, now = self._known.get(name), self.seconds()
        if known and now - known[0] < SECONDS_FRESH:
            return known[1]
        stored = read_json(self.client, self._name(name)) or {}
        self._known[name] = now, stored
        return stored

    def _name(self, name: str) -> str:
        return f"{self.prefix}/{name}"

    def _done(self, call: Callable[..., object], **what: Any) -> None:
        try:
            call(**what)
        except self.client.exceptions.ResourceNotFoundException:
            raise
        except (BotoCoreError, ClientError) as error:
            raise Busy(f"the secret was not changed: {type(error).__name__}") from error
