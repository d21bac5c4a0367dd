"""Credentials of channel accounts, from Secrets Manager."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, fields
from typing import Any

from dom.aws.rests import careful
from dom.aws.secrets import read_json
from dom.channels.credentials import Credentials
from dom.errors import Rejected
from dom.model.clock import Clock, system_clock
from dom.model.rests import Rests


@dataclass(frozen=True, slots=True)
class Accounts:
    """They are fields of the secret `<prefix>/<channel>/<account>`, read each time. `rests`: who
    remembers which of them fail; None: nobody.
    """

    client: Any
    prefix: str
    rests: Rests | None = None
    clock: Clock = system_clock

    @contextmanager
    def calling(self, channel: str, account: str) -> Iterator[Credentials]:
        """As `credentials`, around the calls that are made with them. Busy at once, while the
        account rests after failures in a row.
        """
        name = f"{channel}/{account}"
        with careful(name, self.rests, self.clock) if self.rests else nullcontext():
            yield self.credentials(channel, account)

    def credentials(self, channel: str, account: str) -> Credentials:
        """Rejected: there is no secret. Busy: it could not be read now."""
        name = f"{self.prefix}/{channel}/{account}"
        stored = read_json(self.client, name)
        if stored is None:
            raise Rejected(f"no secret {name}: nothing says how to reach it")
        known = {f.name for f in fields(Credentials)}
        return Credentials(**{k: str(v) for k, v in stored.items() if k in known and v})
