"""The key of recipients: read seldom, and nobody waits for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import EndpointConnectionError
from dom.aws.recipient_key import SECONDS_FRESH, RecipientKey


class Missing(Exception):
    """As boto3's ResourceNotFoundException."""


class Exceptions:
    ResourceNotFoundException = Missing


@dataclass
class Vault:
    """Secrets Manager with one secret, which can be gone or silent."""

    value: str = "k1"
    silent: bool = False
    now: float = 0.0
    reads: int = 0
    failures: list[Exception] = field(default_factory=list)
    exceptions = Exceptions

    def get_secret_value(self, SecretId: str) -> Any:
        self.reads += 1
        if self.silent:
            raise EndpointConnectionError(endpoint_url="https://secretsmanager")
        if not self.value:
            raise Missing
        return {"SecretString": self.value}

    def key(self, name: str = "stack/recipients") -> RecipientKey:
        return RecipientKey(self, name, self.failures.append, lambda: self.now)


def test_it_is_read_once_in_five_minutes_and_follows_a_rotation() -> None:
    vault = Vault()
    key = vault.key()
    assert [key(), key()] == ["k1", "k1"]
    assert vault.reads == 1
    vault.value, vault.now = "k2", SECONDS_FRESH + 1
    assert key() == "k2"


def test_without_a_secret_nothing_is_asked_and_one_that_is_gone_marks_nobody() -> None:
    vault = Vault(value="")
    assert vault.key("")() == ""
    assert vault.reads == 0
    assert vault.key()() == ""


def test_a_silent_vault_stops_no_order_and_is_not_asked_with_each_of_them() -> None:
    vault = Vault(silent=True)
    key = vault.key()
    assert [key(), key()] == ["", ""]
    assert (vault.reads, len(vault.failures)) == (1, 1)
    vault.silent, vault.now = False, SECONDS_FRESH + 1
    assert key() == "k1"
    vault.silent, vault.now = True, 2 * SECONDS_FRESH + 2
    assert key() == "k1"
