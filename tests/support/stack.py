"""The stack that operator commands act on, where moto stands for AWS."""

from __future__ import annotations

from typing import Any

import boto3
from support.tables import REGION


class StackHere:
    """As `tools.stack.Stack`: physical names are the logical ones."""

    name = "dom-here"

    def client(self, service: str) -> Any:
        """A client within moto."""
        return boto3.client(service, region_name=REGION)

    def resource(self, logical_id: str) -> str:
        """Its own name."""
        return logical_id
