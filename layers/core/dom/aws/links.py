"""Links to what is kept in S3, for whoever has them."""

from __future__ import annotations

from typing import Any

SECONDS = 3600


def link_to(s3: Any, bucket: str, key: str) -> str:
    """Where the object can be read for an hour, or as long as our credentials last."""
    params = {"Bucket": bucket, "Key": key}
    url: str = s3.generate_presigned_url("get_object", Params=params, ExpiresIn=SECONDS)
    return url
