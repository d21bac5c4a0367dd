"""Logger and metrics of AWS Lambda Powertools, configured in one place.

Service name, namespace and level come from POWERTOOLS_* variables in template.yaml.
Never pass a whole event or a body to the logger: it may hold personal data.

Traces are Lambda's own (Tracing: Active). The X-Ray SDK would double the import time of every
function for subsegments, and is in maintenance only: docs/adr/0012.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger()
metrics = Metrics()

# An invocation that counts nothing is not worth a line in the log.
warnings.filterwarnings("ignore", message="No application metrics to publish")


def rules_unreadable(error: Exception) -> None:
    """A rule set in force could not be read: decisions go on with the last good one."""
    logger.error("rule set in force cannot be read", exc_info=error)
    count("RuleSetsUnreadable")


def recipients_unmarked(error: Exception) -> None:
    """The key of recipients could not be read: orders go on, and are merged with nothing."""
    logger.error("key of recipients cannot be read", exc_info=error)
    count("RecipientKeyUnreadable")


def inputs_not_kept(reasons: Sequence[str]) -> None:
    """What decisions were made from could not be archived: nobody can replay them."""
    if reasons:
        logger.warning("cannot be replayed", extra={"reasons": list(reasons)})
        count("InputsNotKept", len(reasons))


def milliseconds(name: str, value: float) -> None:
    """How long something took, or how late it is."""
    metrics.add_metric(name=name, unit=MetricUnit.Milliseconds, value=value)


def count(name: str, value: int = 1) -> None:
    """Add to a counter metric (EMF; costs no request)."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)
