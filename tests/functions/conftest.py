"""What template.yaml gives to every function, before a module of ours reads it."""

from __future__ import annotations

import os

for name, value in {
    "POWERTOOLS_METRICS_NAMESPACE": "dom",
    "POWERTOOLS_SERVICE_NAME": "test",
    "POWERTOOLS_TRACE_DISABLED": "1",
}.items():
    os.environ.setdefault(name, value)
