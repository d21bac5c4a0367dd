"""Executions of state machines, each started once by its name."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.errors import Busy


def start_once(stepfunctions: Any, state_machine: str, name: str, told: object) -> None:
    """Start it; nothing happens if it was started before. Busy: it may not have been."""
    try:
        stepfunctions.start_execution(
            stateMachineArn=state_machine, name=name, input=json.dumps(told)
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
            raise Busy(f"cannot start {name}: {error}") from error
    except BotoCoreError as error:
        raise Busy(f"cannot start {name}: {type(error).__name__}") from error
