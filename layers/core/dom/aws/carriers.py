"""Which carrier sells us labels: whoever we have credentials of, in Secrets Manager."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.carriers.easypost import API, SECONDS, EasyPost
from dom.carriers.port import CarrierPort
from dom.errors import Busy


@dataclass(frozen=True, slots=True)
class Carriers:
    """`<prefix>/easypost` = `{"api_key": "EZAK..."}`, read each time. `seconds`: how long one
    answer of a carrier may take.
    """

    client: Any
    prefix: str
    seconds: float = SECONDS

    def find(self) -> CarrierPort | None:
        """The carrier; None where no key was ever given. Busy: it cannot be read now."""
        name = f"{self.prefix}/easypost"
        try:
            answer = self.client.get_secret_value(SecretId=name)
            stored = json.loads(answer["SecretString"])
        except self.client.exceptions.ResourceNotFoundException:
            return None
        except (BotoCoreError, ClientError, ValueError) as error:
            raise Busy(f"secret {name} could not be read: {type(error).__name__}") from error
        key = str(stored.get("api_key") or "")
        url = str(stored.get("api_url") or API).rstrip("/")
        return EasyPost(key, url, self.seconds) if key else None
