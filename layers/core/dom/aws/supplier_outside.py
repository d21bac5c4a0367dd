"""What ways to suppliers work with: keys in Secrets Manager, SES, files in S3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.aws.secrets import read_json
from dom.errors import Busy, Rejected
from dom.http.signed import SigningKey
from dom.suppliers.port import Endpoint

# Purchase orders and what else suppliers are told by file.
PREFIX = "purchase-orders/"


@dataclass(frozen=True, slots=True)
class SupplierKeys:
    """`<prefix>/<location>` = `{"secret": "…", "key_id": "…"}`, read each time; with `url` where
    the address itself is a secret.
    """

    client: Any
    prefix: str

    def endpoint(self, location_id: str, url: str) -> Endpoint:
        """Rejected: there is no secret. Busy: it cannot be read now."""
        name = f"{self.prefix}/{location_id}"
        stored = read_json(self.client, name) or {}
        if not stored.get("secret"):
            raise Rejected(f"no secret {name}: nothing to sign with")
        key = SigningKey(str(stored["secret"]), str(stored.get("key_id") or ""))
        return Endpoint(str(stored.get("url") or url), key)


@dataclass(frozen=True, slots=True)
class SupplierFiles:
    """Files for suppliers in a bucket, which forgets them."""

    s3: Any
    bucket: str

    def put(self, name: str, text: str) -> None:
        """Store it. Busy: not now."""
        key, body = f"{PREFIX}{name}", text.encode()
        try:
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType="text/csv")
        except (BotoCoreError, ClientError) as error:
            raise Busy(f"{key} was not stored: {type(error).__name__}") from error
