"""Notices that wait for the morning: one-time schedules that put them into NotifyQueue again.

A schedule holds ids only, and deletes itself. https://docs.aws.amazon.com/scheduler/
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from dom.errors import Busy
from dom.model.clock import to_text
from dom.model.ids import digest
from dom.notify.ports import Notice

# Nights end for a whole country at once: SES and the queue need not feel it.
SPREAD_MINUTES = 30


@dataclass(frozen=True, slots=True)
class ScheduledNotices:
    """`dom.notify.ports.Later` by EventBridge Scheduler. `prefix` begins the schedules' names;
    `dead_letters_arn`: the queue for what the scheduler could not bring back.
    """

    client: Any
    prefix: str
    queue_arn: str
    role_arn: str
    dead_letters_arn: str

    def wait(self, notice: Notice, until: datetime) -> None:
        """See the port. The name is the event's and the hour's, so that a repeat finds the schedule
        there, and one that fired does not stand in the way of another night.
        """
        try:
            self.client.create_schedule(**self._schedule(notice, until))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConflictException":
                raise Busy(f"cannot wait: {error.response['Error']['Code']}") from error

    def _schedule(self, notice: Notice, until: datetime) -> dict[str, Any]:
        detail: dict[str, Any] = {
            "event_id": notice.event_id,
            "type": notice.type,
            "order_id": notice.order_id,
            "data": dict(notice.data),
        }
        if notice.fulfillment_order_id:
            detail["fulfillment_order_id"] = notice.fulfillment_order_id
        return {
            "Name": f"{self.prefix}{digest(f'{notice.event_id}@{to_text(until)}')}",
            "ScheduleExpression": f"at({until.astimezone(UTC):%Y-%m-%dT%H:%M:%S})",
            "ScheduleExpressionTimezone": "UTC",
            "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": SPREAD_MINUTES},
            "ActionAfterCompletion": "DELETE",
            "Target": {
                "Arn": self.queue_arn,
                "RoleArn": self.role_arn,
                "Input": json.dumps({"detail": detail}),
                "DeadLetterConfig": {"Arn": self.dead_letters_arn},
            },
        }
