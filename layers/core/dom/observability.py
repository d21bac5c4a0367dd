"""Logger, metrics and tracer of AWS Lambda Powertools, configured in one place.

Service name, namespace and level come from POWERTOOLS_* variables in template.yaml.
Never pass a whole event or a body to the logger: it may hold personal data.
"""

from __future__ import annotations

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger()
metrics = Metrics()
tracer = Tracer()


def count(name: str, value: int = 1) -> None:
    """Add to a counter metric (EMF; costs no request)."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)
