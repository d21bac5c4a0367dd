"""`dom.intake.ports.Papers`: labels and photos in S3, deleted. The bucket keeps no versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.aws import label_files, photos
from dom.errors import Busy
from dom.model.ids import OrderId

# Anything else that stands for a label or a photo is somebody else's address.
_OURS = (label_files.PREFIX, photos.PREFIX)


@dataclass(frozen=True, slots=True)
class BucketPapers:
    """The files of the raw bucket that orders name."""

    s3: Any
    bucket: str

    def erase(self, order_id: OrderId, keys: Iterable[str]) -> None:
        """See the port. Labels are named by work and returns, whose ids begin with the order's."""
        try:
            for key in sorted({*self._labels(order_id), *filter(_is_ours, keys)}):
                self.s3.delete_object(Bucket=self.bucket, Key=key)
        except (BotoCoreError, ClientError) as error:
            raise Busy(f"files of {order_id} stay: {type(error).__name__}") from error

    def _labels(self, order_id: OrderId) -> Iterator[str]:
        prefix = f"{label_files.PREFIX}{order_id}-"
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        for page in pages:
            yield from (found["Key"] for found in page.get("Contents", ()))


def _is_ours(key: str) -> bool:
    return key.startswith(_OURS)
