"""List prices of AWS, and what a stack's requests come to. Check them before you rely on them."""

from __future__ import annotations

from collections.abc import Mapping

from tools.bench_report import table

AS_OF = "2025"
# us-east-1, US dollars for a million, first tier, no free tier. Lambda: arm64.
PER_MILLION = {
    "API Gateway calls": 3.50,  # REST
    "Lambda invocations": 0.20,
    "Lambda GB-s": 13.3334,
    "DynamoDB write units": 0.625,  # on demand
    "DynamoDB read units": 0.125,
    "SQS requests": 0.40,  # standard
    "state transitions": 25.0,  # Step Functions, standard workflows
    "EventBridge events": 1.0,  # custom, each 64 KB
    "KMS requests": 3.0,  # symmetric keys
    "CloudWatch log KB": 0.50,  # 0.50 for a GB
}
LISTED = {"SES messages": 100.0}


def bill(columns: Mapping[str, Mapping[str, float]]) -> str:
    """A table: for each column its amount per order and the dollars of a million orders."""
    head = ["per order", "list price, $ per million"]
    for name in columns:
        head += [name, "$ per million orders"]
    rows = [_row(name, price, columns) for name, price in PER_MILLION.items()]
    totals = [sum(c.get(n, 0) * p for n, p in PER_MILLION.items()) for c in columns.values()]
    rows.append(["**sum**", "", *(x for total in totals for x in ("", f"**{total:.2f}**"))])
    rows += [_row(f"{name}", price, columns) for name, price in LISTED.items()]
    return table(head, rows)


def _row(name: str, price: float, columns: Mapping[str, Mapping[str, float]]) -> list[str]:
    row = [name, f"{price:g}"]
    for column in columns.values():
        amount = column.get(name, 0.0)
        row += [f"{amount:.3g}", f"{amount * price:.2f}"]
    return row
