"""Credentials of channel accounts, from Secrets Manager."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.channels.credentials import Credentials
from dom.errors import Busy, Rejected


@dataclass(frozen=True, slots=True)
class Accounts:
    """They are fields of the secret `<prefix>/<channel>/<account>`, read each time."""

    client: Any
    prefix: str

    def credentials(self, channel: str, account: str) -> Credentials:
        """Rejected: there is no secret. Busy: it could not be read now."""
        name = f"{self.prefix}/{channel}/{account}"
        try:
            answer = self.client.get_secret_value(SecretId=name)
            stored = json.loads(answer["SecretString"])
        except self.client.exceptions.ResourceNotFoundException:
            raise Rejected(f"no secret {name}: nothing says how to reach it") from None
        except (BotoCoreError, ClientError, ValueError) as error:
            raise Busy(f"secret {name} could not be read: {type(error).__name__}") from error
        known = {f.name for f in fields(Credentials)}
        return Credentials(**{k: str(v) for k, v in stored.items() if k in known and v})
