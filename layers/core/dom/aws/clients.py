"""The one place where boto3 clients are made: cached, with short timeouts and adaptive retries."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

# Connections are reused across invocations; timeouts stay below every function's own.
_CONFIG = Config(
    connect_timeout=2,
    read_timeout=10,
    max_pool_connections=20,
)


@cache
def client(service: str, attempts: int = 5, read_timeout: float = 10) -> Any:
    """The process-wide client of a service, such as `client("sqs")`.

    `attempts` 1: for calls that must not be repeated when no answer came (an e-mail). A short
    `read_timeout` in seconds is for what can be done without.
    """
    retrying = Config(retries={"mode": "standard", "total_max_attempts": attempts})
    config = _CONFIG.merge(retrying).merge(Config(read_timeout=read_timeout))
    return boto3.client(service, config=config)  # type: ignore[call-overload]
