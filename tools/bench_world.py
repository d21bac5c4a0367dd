"""The functions in this process, on a bare embedded AWS: the template's tables and one queue.

Handlers come from functions/, clients from dom.aws.clients: nothing is stubbed but what
`World.stubbed` names. What the handlers print is kept in LOG, since on AWS it is ingested as logs.
"""

from __future__ import annotations

import importlib.util
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any

import boto3

from tools import emulator
from tools.bench_meter import Meter
from tools.shell import BUILD, ROOT
from tools.stack import Stack
from tools.template import read_template

HOME = BUILD / "bench" / "bare"
STACK = "bench"
SHOP = "bench-shop.myshopify.com"
SECRET = "bench"
TABLE_KEYS = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
# Powertools keeps the stream it saw first.
LOG = io.StringIO()
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """One invocation: wall and processor milliseconds, bytes logged, AWS requests made."""

    function: str
    wall: float
    cpu: float
    logged: int
    requests: int
    answer: Any


@dataclass
class World:
    """Handlers by name, what they ran, and the meter on their requests."""

    meter: Meter
    stack: Stack
    runs: list[Run] = field(default_factory=list)
    # Answers of services that are not asked for real, by service: (operation, parameters) -> answer
    stubbed: dict[str, Callable[[str, Json], Json]] = field(default_factory=dict)
    _loaded: dict[str, ModuleType] = field(default_factory=dict)
    _asked: int = 0

    def invoke(self, function: str, event: Mapping[str, Any]) -> Run:
        """One invocation; RuntimeError where Lambda or the caller would try again."""
        handler, logged = self._handler(function), LOG.tell()
        asked, wall, cpu = self._asked, *self._now()
        with redirect_stdout(LOG):
            answer = handler(event, _CONTEXT)
        spent = [1000 * (now - then) for now, then in zip(self._now(), (wall, cpu), strict=True)]
        logged, requests = LOG.tell() - logged, self._asked - asked
        run = Run(function, spent[0], spent[1], logged, requests, answer or {})
        self.runs.append(run)
        if run.answer.get("batchItemFailures") or int(run.answer.get("statusCode", 200)) > 299:
            raise RuntimeError(f"{function} answered {answer}\n{LOG.getvalue()[-3000:]}")
        return run

    def _now(self) -> tuple[float, float]:
        """Wall and processor seconds without those of the meter."""
        return time.perf_counter() - self.meter.wall, time.process_time() - self.meter.cpu

    def attach(self, session: Any) -> None:
        """Count what clients of this session ask, and answer for the stubbed services."""
        session.events.register("before-parameter-build", _remember)
        session.events.register("before-call", self._called)
        self.meter.attach(session)

    def _called(self, model: Any, context: Any, **_: Any) -> tuple[Any, Json] | None:
        self._asked += 1
        service = model.service_model.service_name
        if service not in self.stubbed:
            return None
        return SimpleNamespace(status_code=200), self.stubbed[service](model.name, context["asked"])

    def _handler(self, function: str) -> Callable[..., Any]:
        if function not in self._loaded:
            with redirect_stdout(LOG):
                self._loaded[function] = _load(function)
        return self._loaded[function].handler  # type: ignore[no-any-return]


@contextmanager
def world() -> Iterator[World]:
    """A world of its own; its emulator is stopped at the end."""
    running = emulator.start(HOME)
    try:
        yield _made(Stack(STACK, running.endpoint, emulator.REGION))
    finally:
        emulator.stop(HOME)


def _made(stack: Stack) -> World:
    boto3.setup_default_session()
    plain = stack.client("dynamodb")
    schemas = _create_tables(plain)
    queue = stack.client("sqs").create_queue(QueueName="inbound")["QueueUrl"]
    stack.client("secretsmanager").create_secret(
        Name=f"{STACK}/channels/shopify/{SHOP}",
        SecretString=json.dumps({"webhook_secrets": [SECRET]}),
    )
    stack.client("secretsmanager").create_secret(Name="tracking", SecretString="k" * 64)
    os.environ.update(_environment(stack, queue))
    made = World(Meter(plain, schemas), stack)
    boto3.setup_default_session()  # the clients above are not to be counted
    made.attach(boto3.DEFAULT_SESSION)
    from dom.aws.clients import client

    client.cache_clear()
    return made


def _create_tables(dynamodb: Any) -> dict[str, Json]:
    """The template's tables under their logical ids, and their schemas."""
    resources = read_template()["Resources"].items()
    tables = {n: r["Properties"] for n, r in resources if r["Type"] == "AWS::DynamoDB::Table"}
    for name, properties in tables.items():
        schema = {key: properties[key] for key in TABLE_KEYS if key in properties}
        dynamodb.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **schema)
    return tables


def _environment(stack: Stack, queue: str) -> dict[str, str]:
    tables = ("ORDERS", "INVENTORY", "NETWORK", "INBOX", "TOKENS", "KEYS")
    return {
        "PERSONAL_KEY": stack.client("kms").create_key()["KeyMetadata"]["KeyId"],
        **{f"{name}_TABLE": f"{name.capitalize()}Table" for name in tables},
        "INBOUND_QUEUE_URL": queue,
        "ROUTING_QUEUE_URL": "http://127.0.0.1/routing",
        "CHANGES_QUEUE_URL": "http://127.0.0.1/changes",
        "RAW_BUCKET": "raw",
        "EVENT_BUS": "dom",
        "FULFILLMENT_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:000000000000:stateMachine:fo",
        "SECRETS_PREFIX": f"{STACK}/channels",
        "SENDER_EMAIL": "orders@example.com",
        "TRACKING_SECRET": "tracking",
        "TRACKING_URL": "https://shop.example/track/",
        "POWERTOOLS_METRICS_NAMESPACE": "dom",
        "POWERTOOLS_SERVICE_NAME": "bench",
        "AWS_ENDPOINT_URL": str(stack.endpoint),
        "AWS_DEFAULT_REGION": emulator.REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }


def _load(function: str) -> ModuleType:
    core = str(ROOT / "layers" / "core")
    sys.path[:0] = [] if core in sys.path else [core]
    spec = importlib.util.spec_from_file_location(
        f"function_{function}", ROOT / "functions" / function / "app.py"
    )
    if spec is None or spec.loader is None:
        raise SystemExit(f"There is no function {function}.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _remember(params: Any, context: Any, **_: Any) -> None:
    context["asked"] = params


_CONTEXT = SimpleNamespace(
    function_name="bench",
    memory_limit_in_mb=1769,
    invoked_function_arn="arn:aws:lambda:us-east-1:000000000000:function:bench",
    aws_request_id="11111111-2222-3333-4444-555555555555",
)
