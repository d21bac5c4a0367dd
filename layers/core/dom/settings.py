"""The environment of a function, read once into typed settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import get_type_hints


@dataclass(frozen=True, slots=True)
class Settings:
    """What template.yaml sets; a function's environment holds only what it needs.

    Names are the environment variables in lower case. Durations are seconds, `replan_saving` minor
    units.
    """

    orders_table: str = ""
    inventory_table: str = ""
    network_table: str = ""
    inbox_table: str = ""
    tokens_table: str = ""
    keys_table: str = ""
    inbound_queue_url: str = ""
    fetch_queue_url: str = ""
    routing_queue_url: str = ""
    changes_queue_url: str = ""
    returns_queue_url: str = ""
    stock_queue_url: str = ""
    supplier_queue_url: str = ""
    partner_queue_url: str = ""
    webhook_queue_url: str = ""
    webhook_dlq_url: str = ""
    raw_bucket: str = ""
    feeds_bucket: str = ""
    event_bus: str = ""
    fulfillment_state_machine_arn: str = ""
    return_state_machine_arn: str = ""
    simulation_state_machine_arn: str = ""
    feed_state_machine_arn: str = ""
    secrets_prefix: str = ""
    tracking_secret: str = ""
    tracking_url: str = ""
    recipient_secret: str = ""
    personal_key: str = ""
    carriers_prefix: str = ""
    suppliers_prefix: str = ""
    subscriptions_prefix: str = ""
    sender_email: str = ""
    quiet_hours: str = ""
    text_messages: bool = False
    notify_queue_arn: str = ""
    notify_dlq_arn: str = ""
    schedules_prefix: str = ""
    schedules_role_arn: str = ""
    accept_sla_seconds: int = 4 * 3600
    ship_sla_seconds: int = 24 * 3600
    deliver_sla_seconds: int = 7 * 24 * 3600
    pickup_days: int = 7
    pickup_reminder_days: int = 2
    choice_days: int = 3
    release_delay_seconds: int = 0
    backorder_retry_seconds: int = 900
    backorder_days: int = 60
    stock_settle_seconds: int = 15
    replan_saving: int = 50
    count_tolerance_units: int = 2
    forecast_days: int = 365
    forecast_zone: str = "UTC"
    count_tolerance_percent: int = 5
    replan_percent: int = 2
    route_unpaid: bool = False
    route_test_orders: bool = False


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from environment variables; KeyError never, ValueError names a malformed number."""
    source = os.environ if environment is None else environment
    hints = get_type_hints(Settings)
    values = {
        field.name: _parse(field.name, source[field.name.upper()], hints[field.name])
        for field in fields(Settings)
        if field.name.upper() in source
    }
    return Settings(**values)  # type: ignore[arg-type]


def _parse(name: str, text: str, kind: type) -> str | int | bool:
    if kind is bool:
        return text.strip().lower() in {"1", "true", "yes"}
    if kind is int:
        try:
            return int(text)
        except ValueError:
            raise ValueError(f"{name.upper()} must be a whole number, not {text!r}") from None
    return text
