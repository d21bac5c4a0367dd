"""Files of stock in S3: as they came below `in/<source>/`, what is made of them below `runs/`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from dom.aws.documents import ABSENT, Documents, upload
from dom.aws.links import link_to
from dom.errors import Busy, InvalidInput
from dom.inventory.files.ports import Upload
from dom.inventory.files.prepare import REJECTS
from dom.model.feed_source import FeedRun

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FeedFiles:
    """`dom.inventory.files.ports.Filing` in a bucket, which forgets them."""

    s3: Any
    bucket: str

    def open(self, run: FeedRun) -> Upload:
        """See the port."""
        try:
            found = self.s3.get_object(Bucket=self.bucket, Key=run.key, IfMatch=run.etag)
        except ClientError as error:
            raise _unreadable(run, error) from error
        except BotoCoreError as error:
            raise Busy(f"{run.key} could not be read") from error
        metadata = found.get("Metadata", {})
        return Upload(found["Body"], metadata.get("as-of"), metadata.get("rows"))

    def put(self, run: FeedRun, name: str, document: object) -> str:
        """See the port."""
        return self._documents.put(_key(run, name), document)

    def get(self, run: FeedRun, name: str, kind: type[T]) -> T:
        """See the port."""
        return self._documents.get(_key(run, name), kind)

    def put_file(self, run: FeedRun, name: str, path: Path) -> None:
        """See the port."""
        upload(self.s3, self.bucket, _key(run, name), path)

    def rejects_link(self, run: FeedRun) -> str:
        """Where the rows that were not used can be read for an hour."""
        return link_to(self.s3, self.bucket, _key(run, REJECTS))

    @property
    def _documents(self) -> Documents:
        return Documents(self.s3, self.bucket)


def _key(run: FeedRun, name: str) -> str:
    return f"runs/{run.source}/{run.run_id}/{name}"


def _unreadable(run: FeedRun, error: ClientError) -> Exception:
    code = error.response["Error"]["Code"]
    if code in ABSENT:
        return InvalidInput("file", "it was removed before it was read")
    if code in {"PreconditionFailed", "412"}:
        return InvalidInput("file", "another file of that name came before it was read")
    return Busy(f"{run.key} could not be read")
