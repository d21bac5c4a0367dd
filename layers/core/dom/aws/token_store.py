"""Bearer tokens, stored by hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dom.api.identity import Identity
from dom.aws.reads import get


@dataclass(frozen=True, slots=True)
class TokenStore:
    """The Tokens table."""

    dynamodb: Any
    table: str

    def find(self, token_hash: str) -> Identity | None:
        """The owner of the token with that SHA-256 (hex), expired ones too; None if unknown."""
        item = get(self.dynamodb, self.table, {"token_hash": token_hash}, consistent=False)
        if item is None:
            return None
        return Identity(
            item["name"],
            frozenset(item.get("scopes", ())),
            frozenset(item.get("location_ids") or ()) or None,
            item.get("expires_at"),
        )
