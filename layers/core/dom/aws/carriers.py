"""Which carrier sells us labels: whoever we have credentials of, in Secrets Manager."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dom.aws.secrets import read_json
from dom.carriers.easypost import API, SECONDS, EasyPost
from dom.carriers.port import CarrierPort


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
        stored = read_json(self.client, name)
        if stored is None:
            return None
        key = str(stored.get("api_key") or "")
        url = str(stored.get("api_url") or API).rstrip("/")
        return EasyPost(key, url, self.seconds) if key else None
