"""`dom.returns.ports.Labels`: slips in S3, and links to them that expire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.carriers.slip import render
from dom.errors import Busy
from dom.model.commit import PersonalData
from dom.model.location import Location
from dom.model.rma import Label, Return

PREFIX = "labels/"
# Long enough to print it; GET /returns/{id} makes another.
SECONDS = 3600


@dataclass(frozen=True, slots=True)
class SlipLabels:
    """Our own slip for every return: it needs no carrier's account."""

    s3: Any
    bucket: str

    def label(self, record: Return, sender: PersonalData | None, to: Location, grams: int) -> Label:
        """See the port. The same return gets the same page under the same key."""
        key = f"{PREFIX}{record.id}.html"
        try:
            self.s3.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=render(record, to).encode(),
                ContentType="text/html; charset=utf-8",
            )
        except (BotoCoreError, ClientError) as error:
            raise Busy(f"the slip was not stored: {type(error).__name__}") from error
        return Label(label_url=key)


def label_url(s3: Any, bucket: str, record: Return) -> str | None:
    """Where the customer gets the label: at the carrier, or by a link of an hour to our slip."""
    stored = record.label.label_url if record.label else ""
    if not stored.startswith(PREFIX):
        return stored or None
    params = {"Bucket": bucket, "Key": stored}
    url: str = s3.generate_presigned_url("get_object", Params=params, ExpiresIn=SECONDS)
    return url
