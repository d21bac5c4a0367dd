"""Credentials of channel accounts, from Secrets Manager."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from dom.aws.secrets import read_json
from dom.channels.credentials import Credentials
from dom.errors import Rejected


@dataclass(frozen=True, slots=True)
class Accounts:
    """They are fields of the secret `<prefix>/<channel>/<account>`, read each time."""

    client: Any
    prefix: str

    def credentials(self, channel: str, account: str) -> Credentials:
        """Rejected: there is no secret. Busy: it could not be read now."""
        name = f"{self.prefix}/{channel}/{account}"
        stored = read_json(self.client, name)
        if stored is None:
            raise Rejected(f"no secret {name}: nothing says how to reach it")
        known = {f.name for f in fields(Credentials)}
        return Credentials(**{k: str(v) for k, v in stored.items() if k in known and v})
