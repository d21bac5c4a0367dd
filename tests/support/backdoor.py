"""What end-to-end tests do behind the API: look at records, and let time pass."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from tools.backstage import Backstage

Json = dict[str, Any]


class BackDoor(Backstage):
    """The embedded AWS as a test sees it."""

    def inbox_keys(self, part: str) -> list[str]:
        """Keys of the Inbox (claims, parked messages) that contain a text."""
        return [item["key"]["S"] for item in self._inbox() if part in item["key"]["S"]]

    def parked(self, delivery_id: str) -> list[Json]:
        """Inbox records of parked messages that name this delivery."""
        return [
            item
            for item in self._inbox()
            if item["key"]["S"].startswith("parked#") and delivery_id in json.dumps(item)
        ]

    def _inbox(self) -> list[Json]:
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.stack["tables"]["inbox"], ConsistentRead=True
        )
        return [item for page in pages for item in page["Items"]]

    def dead_letters(self) -> dict[str, int]:
        """Dead-letter queues that are not empty."""
        return {name: n for name, n in self.depths().items() if n and "dlq" in name.lower()}

    def execution_status(self, name: str, process: str = "fulfillment_order") -> str:
        """Status of the execution of that name; "" while there is none."""
        client = self.client("stepfunctions")
        machine = self.stack["state_machines"][process]
        pages = client.get_paginator("list_executions").paginate(stateMachineArn=machine)
        runs = (run for page in pages for run in page["executions"])
        return next((run["status"] for run in runs if run["name"] == name), "")

    def make_overdue(self, fulfillment_order_id: str, *, kept_until: bool = False) -> None:
        """Put the end of a FulfillmentOrder's service level a minute into the past.

        `kept_until`: and the last day on which a store keeps it. It is a change as any other, with
        its version: whoever has read the work before must not write the old end over it.
        """
        order_id, _, number = fulfillment_order_id.rpartition("-")
        past = (datetime.now(UTC) - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self.dynamodb.update_item(
            TableName=self.stack["tables"]["orders"],
            Key={"order_id": {"S": order_id}, "item": {"S": f"FO#{int(number):06d}"}},
            UpdateExpression="SET due_at = :past, sweep_at = :past, #version = #version + :one"
            + (", pickup.#until = :past" if kept_until else ""),
            ConditionExpression="attribute_exists(due_at)",
            ExpressionAttributeNames={"#version": "version"}
            | ({"#until": "until"} if kept_until else {}),
            ExpressionAttributeValues={":past": {"S": past}, ":one": {"N": "1"}},
        )

    def make_late(self, fulfillment_order_id: str) -> None:
        """Put the time by which it was to leave into the past, and the look at its order."""
        order_id, _, number = fulfillment_order_id.rpartition("-")
        past = (datetime.now(UTC) - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        for item, change in (
            (f"FO#{int(number):06d}", "SET ships_by = :past"),
            ("ORDER", "SET look_at = :past, sweep_at = :past"),
        ):
            self.dynamodb.update_item(
                TableName=self.stack["tables"]["orders"],
                Key={"order_id": {"S": order_id}, "item": {"S": item}},
                UpdateExpression=f"{change}, #version = #version + :one",
                ConditionExpression="attribute_exists(#version)",
                ExpressionAttributeNames={"#version": "version"},
                ExpressionAttributeValues={":past": {"S": past}, ":one": {"N": "1"}},
            )

    @contextmanager
    def release_delay(self, seconds: int) -> Iterator[None]:
        """Work of warehouses waits so long before it is released, as an operator may set it."""
        functions = self.client("lambda")
        names = [self.stack["functions"][one] for one in ("order_routing", "replan", "replan_api")]
        before = {
            name: functions.get_function_configuration(FunctionName=name)["Environment"]
            for name in names
        }
        try:
            for name, environment in before.items():
                delayed = {**environment["Variables"], "RELEASE_DELAY_SECONDS": str(seconds)}
                functions.update_function_configuration(
                    FunctionName=name, Environment={"Variables": delayed}
                )
            yield
        finally:
            for name, environment in before.items():
                functions.update_function_configuration(FunctionName=name, Environment=environment)

    def start_replan(self, given: Json) -> str:
        """Start the state machine that plans work anew; the ARN of its execution."""
        started = self.client("stepfunctions").start_execution(
            stateMachineArn=self.stack["state_machines"]["replan"], input=json.dumps(given)
        )
        return str(started["executionArn"])

    def status_of(self, execution_arn: str) -> str:
        """Status of an execution."""
        found = self.client("stepfunctions").describe_execution(executionArn=execution_arn)
        return str(found["status"])

    def personal(self, order_id: str) -> Json | None:
        """The personal data of an order as stored, or None."""
        key = {"order_id": {"S": order_id}, "item": {"S": "PERSONAL"}}
        table = self.stack["tables"]["orders"]
        found = self.dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)
        return dict(found["Item"]) if "Item" in found else None

    def sweep(self) -> None:
        """Run the sweeper now instead of at the next full minute."""
        self.invoke("sweeper")

    def invoke(self, function: str) -> None:
        """Run a scheduled function now."""
        name = self.stack["functions"][function]
        answer = self.client("lambda").invoke(FunctionName=name, Payload=b"{}")
        assert "FunctionError" not in answer, answer["Payload"].read()
