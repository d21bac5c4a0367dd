"""Photos of returns in S3: signed uploads, and links that expire."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dom.aws.links import link_to

PREFIX = "photos/"
MOST_BYTES = 10_000_000
UPLOAD_SECONDS = 900
_SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A form that S3 takes one file with."""

    key: str
    url: str
    fields: dict[str, Any]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Photos:
    """The photos of the bucket. Names are random: who knows one was given it."""

    s3: Any
    bucket: str

    def upload(self, content_type: str, now: datetime) -> Upload:
        """A signed form for one file of that type, at most 10 MB; KeyError for another type."""
        key = f"{PREFIX}{secrets.token_hex(16)}.{_SUFFIX[content_type]}"
        form = self.s3.generate_presigned_post(
            self.bucket,
            key,
            Fields={"Content-Type": content_type},
            Conditions=[
                {"Content-Type": content_type},
                ["content-length-range", 1, MOST_BYTES],
            ],
            ExpiresIn=UPLOAD_SECONDS,
        )
        return Upload(key, form["url"], form["fields"], now + timedelta(seconds=UPLOAD_SECONDS))

    def link(self, key: str) -> str:
        """Where it can be seen for an hour."""
        return link_to(self.s3, self.bucket, key)
