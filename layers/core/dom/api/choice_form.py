"""The form of a tracking page: what its customer chooses."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from dom.errors import InvalidInput
from dom.model.choice import Choice, Way

# Two short fields: whatever is longer was not sent by our page.
MOST = 2000
_STORE = "store:"
_WAYS = {Way.SHIP.value: Way.SHIP, Way.CANCEL.value: Way.CANCEL}


def choice_of(event: Mapping[str, Any]) -> Choice:
    """The choice in a proxy event's form. InvalidInput: there is none."""
    fields = _fields(event)
    group, answer = fields.get("group", ""), fields.get("choice", "")
    if group and answer.startswith(_STORE) and len(answer) > len(_STORE):
        return Choice(Way.OTHER_STORE, group, answer.removeprefix(_STORE))
    if group and answer in _WAYS:
        return Choice(_WAYS[answer], group)
    raise InvalidInput("choice", "none of those that are offered")


def _fields(event: Mapping[str, Any]) -> dict[str, str]:
    body = str(event.get("body") or "")
    if len(body) > MOST:
        raise InvalidInput("body", "too long")
    try:
        if event.get("isBase64Encoded"):
            body = base64.b64decode(body, validate=True).decode()
        found = parse_qs(body, max_num_fields=10)
    except ValueError:
        raise InvalidInput("body", "no form") from None
    return {name: values[0] for name, values in found.items()}
