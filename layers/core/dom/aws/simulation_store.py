"""A simulation's documents in S3, below `simulations/<id>/`; the bucket forgets them."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from dom.aws.codec import from_plain, to_plain
from dom.errors import Busy, NotFound

T = TypeVar("T")
PREFIX = "simulations"
REQUEST, REFUSAL, REPORT = "request.json", "refusal.json", "report.json"
SITUATION, ITEMS = "situation.json.gz", "items.json"
_ABSENT = frozenset({"NoSuchKey", "404"})


def outcome_name(variant: int) -> str:
    """The document that the run of a variant writes."""
    return f"outcome-{variant}.json.gz"


@dataclass(frozen=True, slots=True)
class SimulationStore:
    """The bucket. Whatever is written a second time is the same document."""

    s3: Any
    bucket: str

    def put(self, simulation_id: str, name: str, value: object) -> str:
        """Store plain data or a dataclass as JSON, compressed if the name says so; its key."""
        key = key_of(simulation_id, name)
        body = json.dumps(to_plain(value), separators=(",", ":")).encode()
        body = gzip.compress(body, mtime=0) if name.endswith(".gz") else body
        try:
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)
        except (BotoCoreError, ClientError) as error:
            raise Busy(f"{key} could not be kept") from error
        return key

    def find(self, simulation_id: str, name: str) -> Any:
        """The plain data, or None if there is no such document."""
        key = key_of(simulation_id, name)
        try:
            body = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise Busy(f"{key} could not be read") from error
        except BotoCoreError as error:
            raise Busy(f"{key} could not be read") from error
        return json.loads(gzip.decompress(body) if name.endswith(".gz") else body)

    def get(self, simulation_id: str, name: str, kind: type[T]) -> T:
        """The dataclass that was stored; NotFound if there is none."""
        found = self.find(simulation_id, name)
        if found is None:
            raise NotFound("simulation document", key_of(simulation_id, name))
        return from_plain(kind, found)


def key_of(simulation_id: str, name: str) -> str:
    """The key of a document in the bucket."""
    return f"{PREFIX}/{simulation_id}/{name}"
