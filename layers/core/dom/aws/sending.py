"""What is sent once and cannot be taken back: it was taken, may be later, or nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
)

from dom.notify.ports import NotAccepted, OutcomeUnknown, RefusedByMailer

_NOT_SENT = (ConnectTimeoutError, EndpointConnectionError, NoCredentialsError)


def sent_once(ask: Callable[[], Mapping[str, Any]], never: Collection[str]) -> str:
    """The service's message id. `never`: its codes for what it will never take; whatever else it
    refuses (throttled, quota, identity, permission) passes or is repaired.

    NotAccepted, RefusedByMailer or OutcomeUnknown, with the code only: texts repeat addresses.
    """
    try:
        return str(ask()["MessageId"])
    except ClientError as error:
        raise _verdict(error, never) from None
    except ParamValidationError:
        raise RefusedByMailer("ParamValidationError") from None
    except _NOT_SENT as error:
        raise NotAccepted(type(error).__name__) from None
    except BotoCoreError as error:
        raise OutcomeUnknown(type(error).__name__) from None


def _verdict(
    error: ClientError, never: Collection[str]
) -> NotAccepted | RefusedByMailer | OutcomeUnknown:
    code = error.response["Error"]["Code"]
    if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
        return OutcomeUnknown(code)
    return RefusedByMailer(code) if code in never else NotAccepted(code)
