"""Files that others dropped in S3, as they were when S3 told of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.errors import Busy, InvalidInput

MOST_BYTES = 5_000_000
_GONE = {"NoSuchKey", "PreconditionFailed", "404", "412"}


def read_dropped(s3: Any, bucket: str, key: str, etag: str) -> bytes | None:
    """Its bytes; None if it is gone, or another one by now. InvalidInput: too many.

    Busy: not now.
    """
    try:
        found = s3.get_object(Bucket=bucket, Key=key, IfMatch=etag)
        body: bytes = found["Body"].read(MOST_BYTES + 1)
    except ClientError as error:
        if error.response["Error"]["Code"] in _GONE:
            return None
        raise Busy(f"{key} could not be read") from error
    except BotoCoreError as error:
        raise Busy(f"{key} could not be read") from error
    if len(body) > MOST_BYTES:
        raise InvalidInput("file", f"more than {MOST_BYTES} bytes")
    return body


def store(s3: Any, bucket: str, key: str, body: bytes, kind: str, **metadata: str) -> None:
    """Put a file there. Busy: not now."""
    try:
        s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType=kind, Metadata=metadata)
    except (BotoCoreError, ClientError) as error:
        raise Busy(f"{key} was not stored") from error


def store_table(
    s3: Any, bucket: str, key: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Put rows there as CSV. Busy: not now."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    store(s3, bucket, key, text.getvalue().encode(), "text/csv")
