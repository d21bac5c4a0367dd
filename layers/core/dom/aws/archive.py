"""The inputs of solves in S3, content-addressed: what decisions are replayed from.

`decisions/<hash>` is a solve, `networks/<hash>` and `rulesets/<hash>` what many solves share. They
expire after the same number of days: what is shared is written anew on each day that it is used, by
each process, so that it never expires before a solve that names it.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from dom.aws import solve_codec as codec
from dom.errors import Busy
from dom.model.clock import Clock, system_clock
from dom.routing.evidence import Kept
from dom.sourcing.replay import Inputs

SOLVES, NETWORKS, RULE_SETS = "decisions/", "networks/", "rulesets/"
# After a failure nobody waits for the archive again for so long.
REST_SECONDS = 30.0
_GZIP_LEVEL = 4
_GONE = {"NoSuchKey", "404"}
T = TypeVar("T")


class Objects(Protocol):
    """A store of named bytes."""

    def put(self, key: str, body: bytes) -> None:
        """Store; the same key always means the same content."""

    def get(self, key: str) -> bytes | None:
        """The content, or None."""


@dataclass(frozen=True, slots=True)
class S3Objects:
    """`Objects` in a bucket. Busy when S3 does not answer."""

    s3: Any
    bucket: str

    def put(self, key: str, body: bytes) -> None:
        """Store it."""
        try:
            self.s3.put_object(
                Bucket=self.bucket, Key=key, Body=body, ContentType="application/gzip"
            )
        except (BotoCoreError, ClientError) as error:
            raise Busy(f"{key} could not be kept: {error}") from error

    def get(self, key: str) -> bytes | None:
        """Read it; None if there is no such object."""
        try:
            return bytes(self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read())
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                return None
            raise Busy(f"{key} could not be read: {error}") from error
        except BotoCoreError as error:
            raise Busy(f"{key} could not be read: {error}") from error


@dataclass(slots=True)
class DecisionArchive:
    """`dom.routing.evidence.Archive`. Keep it: it knows what it wrote today."""

    objects: Objects
    clock: Clock = system_clock
    monotonic: Callable[[], float] = time.monotonic
    _hashes: dict[str, tuple[object, str]] = field(default_factory=dict)
    _written: dict[str, date] = field(default_factory=dict)
    _rests_until: float = float("-inf")

    def keep(self, inputs: Inputs) -> Kept:
        """Store a solve, and before it what it names by hash."""
        if self.monotonic() < self._rests_until:
            return Kept(failure="the archive rests after a failure")
        try:
            return self._keep(inputs)
        except Exception as error:  # whatever is wrong here, orders are routed
            self._rests_until = self.monotonic() + REST_SECONDS
            return Kept(failure=f"{type(error).__name__}: {error}")

    def inputs(self, solve: str) -> Inputs | None:
        """The inputs of that hash; None when they, or what they name, are gone."""
        body = self._get(SOLVES + solve)
        if body is None:
            return None
        head = codec.head_of(body)
        network, rules = self._get(NETWORKS + head["network"]), self._get(RULE_SETS + head["rules"])
        if network is None or rules is None:
            return None
        return codec.inputs_of(body, codec.network_of(network), codec.rules_of(rules))

    def _keep(self, inputs: Inputs) -> Kept:
        network = self._shared(NETWORKS, inputs.network, codec.network_bytes)
        rules = self._shared(RULE_SETS, inputs.rules, codec.rules_bytes)
        demands = [codec.demand_bytes(one) for one in inputs.demands]
        supply = codec.supply_bytes(inputs)
        body = codec.solve_bytes(demands, supply, network, rules, inputs)
        solve = codec.digest(body)
        self._put(SOLVES + solve, body)
        names = [(one.order_id, one.ship_group_id) for one in inputs.demands]
        by_name = dict(zip(names, map(codec.digest, demands), strict=True))
        return Kept(solve, codec.digest(supply), network, rules, by_name)

    def _shared(self, prefix: str, thing: T, encode: Callable[[T], bytes]) -> str:
        """The hash of what solves share; written once a day."""
        last, name = self._hashes.get(prefix, (None, ""))
        body = b""
        if last is not thing:
            body = encode(thing)
            name = codec.digest(body)
            self._hashes[prefix] = (thing, name)
        today = self.clock().date()
        if self._written.get(prefix + name) != today:
            self._put(prefix + name, body or encode(thing))
            self._written[prefix + name] = today
        return name

    def _put(self, key: str, body: bytes) -> None:
        self.objects.put(key, gzip.compress(body, _GZIP_LEVEL, mtime=0))

    def _get(self, key: str) -> bytes | None:
        found = self.objects.get(key)
        return None if found is None else gzip.decompress(found)
