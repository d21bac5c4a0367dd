"""What asking sources needs: when, with which credentials, and where the answer goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.documents import upload
from dom.aws.guards import put_unchanged
from dom.aws.reads import get
from dom.aws.secrets import read_json
from dom.errors import Busy
from dom.inventory.files.pages import Access
from dom.model.feed_source import PullState


@dataclass(frozen=True, slots=True)
class PullStates:
    """`dom.inventory.files.pull.States` in the Network table."""

    dynamodb: Any
    table: str

    def load(self, source: str) -> PullState | None:
        """See the port."""
        item = get(self.dynamodb, self.table, keys.pull_state(source))
        return from_plain(PullState, item) if item else None

    def save(self, state: PullState) -> PullState | None:
        """See the port."""
        made = replace(state, version=state.version + 1)
        item = {**keys.pull_state(state.source), **to_plain(made)}
        stored = put_unchanged(self.dynamodb, self.table, item, state.version or None)
        return made if stored else None


@dataclass(frozen=True, slots=True)
class FeedSecrets:
    """The secret `<prefix>/<source>` = `{"headers": {...}, "url": "..."}`; none: no credentials."""

    client: Any
    prefix: str

    def access(self, source: str) -> Access:
        """Busy: it could not be read now, or is not what it should be."""
        name = f"{self.prefix}/{source}"
        found = read_json(self.client, name) or {}
        headers = found.get("headers", {})
        if not isinstance(headers, dict):
            raise Busy(f"headers of secret {name} are not a JSON object")
        named = {str(key): str(value) for key, value in headers.items()}
        return Access(named, str(found.get("url", "")))


@dataclass(frozen=True, slots=True)
class FeedDrop:
    """The bucket of feeds."""

    s3: Any
    bucket: str

    def __call__(self, key: str, path: Path, metadata: Mapping[str, str]) -> None:
        """Drop a file as its source would. Busy: not now."""
        upload(self.s3, self.bucket, key, path, metadata)
