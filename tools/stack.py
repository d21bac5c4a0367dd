"""A deployed stack, on AWS or embedded, as the commands see it: clients and physical names."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3

from tools.shell import BUILD

STACK_FILE = BUILD / "stack.json"


@dataclass(frozen=True)
class Stack:
    """A stack by name. `endpoint` None: the AWS account and region of the caller's credentials."""

    name: str
    endpoint: str | None = None
    region: str | None = None

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client; the embedded AWS takes any credentials of its owner."""
        here = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self.endpoint,
            region_name=self.region,
            **(here if self.endpoint else {}),
            **options,
        )

    @cached_property
    def resources(self) -> Mapping[str, tuple[str, str]]:
        """Type and physical id of each resource, by logical id."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources")
        return {
            one["LogicalResourceId"]: (one["ResourceType"], one["PhysicalResourceId"])
            for page in pages.paginate(StackName=self.name)
            for one in page["StackResourceSummaries"]
        }

    def resource(self, logical_id: str) -> str:
        """Physical id of a resource; SystemExit if the stack has none of that name."""
        if logical_id not in self.resources:
            raise SystemExit(f"Stack {self.name} has no {logical_id}.")
        return self.resources[logical_id][1]

    def of_type(self, resource_type: str) -> dict[str, str]:
        """Physical ids of all resources of a type, by logical id."""
        found = self.resources.items()
        return {name: physical for name, (kind, physical) in found if kind == resource_type}


def add_stack_option(parser: argparse.ArgumentParser) -> None:
    """Let a command choose its stack."""
    parser.add_argument(
        "--stack",
        metavar="NAME",
        help="a stack of the AWS account of your credentials (default: the one of `make up`)",
    )


def chosen(arguments: argparse.Namespace, stack_file: Path = STACK_FILE) -> Stack:
    """The stack that the command line names, else the embedded one; SystemExit if there is none."""
    if arguments.stack:
        return Stack(arguments.stack)
    if not stack_file.exists():
        raise SystemExit("No stack is up: run `make up`, or name one on AWS with --stack NAME.")
    facts = json.loads(stack_file.read_text(encoding="utf-8"))
    return Stack(facts["stack"], facts["endpoint"], facts["region"])
