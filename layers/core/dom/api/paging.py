"""Lists that come page by page, each with the id that the next page goes on after."""

from __future__ import annotations

import re

from dom.errors import InvalidInput


def cursor_of(text: str | None, ids: re.Pattern[str]) -> str:
    """Where the next page goes on ("": at the beginning); InvalidInput: no id of the list."""
    if text and not ids.fullmatch(text):
        raise InvalidInput("next", "it is not a cursor of this list")
    return text or ""
