"""Documents in S3: plain data or dataclasses as JSON, compressed if their name says so."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import BotoCoreError, ClientError

from dom.aws.codec import from_plain, to_plain
from dom.errors import Busy, NotFound

T = TypeVar("T")
ABSENT = frozenset({"NoSuchKey", "404"})


@dataclass(frozen=True, slots=True)
class Documents:
    """A bucket. Whatever is written a second time is the same document."""

    s3: Any
    bucket: str

    def put(self, key: str, value: object) -> str:
        """Store plain data or a dataclass; its key."""
        body = json.dumps(value, default=to_plain, separators=(",", ":")).encode()
        body = gzip.compress(body, mtime=0) if key.endswith(".gz") else body
        try:
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)
        except (BotoCoreError, ClientError) as error:
            raise Busy(f"{key} could not be kept") from error
        return key

    def find(self, key: str) -> Any:
        """The plain data, or None if there is no such document."""
        try:
            body = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in ABSENT:
                return None
            raise Busy(f"{key} could not be read") from error
        except BotoCoreError as error:
            raise Busy(f"{key} could not be read") from error
        return json.loads(gzip.decompress(body) if key.endswith(".gz") else body)

    def get(self, key: str, kind: type[T]) -> T:
        """The dataclass that was stored; NotFound if there is none."""
        found = self.find(key)
        if found is None:
            raise NotFound("document", key)
        return from_plain(kind, found)


def upload(
    s3: Any, bucket: str, key: str, path: Path, metadata: Mapping[str, str] | None = None
) -> None:
    """Keep a file of any size, in parts if need be. Busy: not now."""
    try:
        s3.upload_file(str(path), bucket, key, ExtraArgs={"Metadata": dict(metadata or {})})
    except (BotoCoreError, ClientError, S3UploadFailedError) as error:
        raise Busy(f"{key} could not be kept") from error
