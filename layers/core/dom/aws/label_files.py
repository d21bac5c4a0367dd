"""Labels as files in S3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.aws.links import link_to
from dom.carriers.port import Document
from dom.errors import Busy

PREFIX = "labels/"
_SUFFIXES = {"image/png": "png", "application/pdf": "pdf", "text/html; charset=utf-8": "html"}


@dataclass(frozen=True, slots=True)
class LabelFiles:
    """Keeps labels, and gives links to them that expire."""

    s3: Any
    bucket: str

    def keep(self, name: str, document: Document) -> str:
        """The key of the label of that name; the same name and type is the same key."""
        key = f"{PREFIX}{name}.{_SUFFIXES.get(document.content_type, 'bin')}"
        try:
            self.s3.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=document.body,
                ContentType=document.content_type,
            )
        except (BotoCoreError, ClientError) as error:
            raise Busy(f"the label was not stored: {type(error).__name__}") from error
        return key

    def link(self, stored: str) -> str | None:
        """Where a label is: by a link of an hour to what we keep, or as it was told."""
        if not stored.startswith(PREFIX):
            return stored or None
        return link_to(self.s3, self.bucket, stored)
