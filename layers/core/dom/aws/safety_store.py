"""Policies of safety stock in the Network table."""

from __future__ import annotations

from dom.aws import keys
from dom.aws.named_items import NamedItems
from dom.model.safety_policy import SafetyPolicy


class SafetyStore(NamedItems[SafetyPolicy]):
    """`dom.model.described.Described` of policies, on DynamoDB."""

    kind = SafetyPolicy
    partition = keys.SAFETY
