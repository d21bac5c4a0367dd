"""Signing secrets: cached, rotatable, and cheap to ask for in vain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from dom.aws.secrets import ChannelSecrets
from dom.errors import Busy
from moto import mock_aws


@dataclass
class Vault:
    """Secrets Manager in moto behind a clock; counts reads, and can fall silent."""

    client: Any
    now: float = 0.0
    reads: int = 0
    silent: bool = False
    secrets: ChannelSecrets = field(init=False)

    def __post_init__(self) -> None:
        self.secrets = ChannelSecrets(self, "dom/channels", lambda: self.now)
        self.exceptions = self.client.exceptions

    def get_secret_value(self, SecretId: str) -> Any:
        self.reads += 1
        if self.silent:
            raise EndpointConnectionError(endpoint_url="https://secretsmanager")
        return self.client.get_secret_value(SecretId=SecretId)

    def store(self, account: str, *secrets: str) -> None:
        name, value = f"dom/channels/shopify/{account}", json.dumps({"webhook_secrets": secrets})
        try:
            self.client.put_secret_value(SecretId=name, SecretString=value)
        except self.exceptions.ResourceNotFoundException:
            self.client.create_secret(Name=name, SecretString=value)


@pytest.fixture
def vault() -> Iterator[Vault]:
    with mock_aws():
        yield Vault(boto3.client("secretsmanager", region_name="us-east-1"))


def test_secrets_are_read_once_in_five_minutes(vault: Vault) -> None:
    vault.store("acme", "current", "previous")

    for vault.now in (0.0, 1.0, 299.0):
        assert list(vault.secrets.get("shopify", "acme")) == ["current", "previous"]

    assert vault.reads == 1


def test_a_withdrawn_secret_is_no_longer_taken_after_five_minutes(vault: Vault) -> None:
    vault.store("acme", "leaked")
    vault.secrets.get("shopify", "acme")
    vault.store("acme", "fresh")

    vault.now = 301.0

    assert list(vault.secrets.get("shopify", "acme")) == ["fresh"]


def test_a_rotated_secret_is_seen_at_the_first_signature_that_fails(vault: Vault) -> None:
    vault.store("acme", "old")
    vault.secrets.get("shopify", "acme")
    vault.store("acme", "new", "old")

    vault.now = 11.0

    assert list(vault.secrets.renewed("shopify", "acme")) == ["new", "old"]


def test_strangers_cannot_make_us_ask_more_than_once_in_ten_seconds(vault: Vault) -> None:
    for _ in range(50):
        assert list(vault.secrets.get("shopify", "nobody")) == []
        assert list(vault.secrets.renewed("shopify", "nobody")) == []

    assert vault.reads == 1


def test_strangers_cannot_fill_the_memory(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dom.aws.secrets.MOST_ACCOUNTS", 5)

    for n in range(12):
        vault.secrets.get("shopify", f"nobody-{n}")

    assert len(vault.secrets._cache) <= 5


def test_while_secrets_manager_is_silent_known_secrets_hold_and_unknown_ones_are_no_401(
    vault: Vault,
) -> None:
    vault.store("acme", "current")
    vault.secrets.get("shopify", "acme")
    vault.silent, vault.now = True, 1000.0

    assert list(vault.secrets.get("shopify", "acme")) == ["current"]
    with pytest.raises(Busy):
        vault.secrets.get("shopify", "other")


def test_an_empty_secret_is_none_since_anybody_could_sign_with_it(vault: Vault) -> None:
    vault.store("acme", "", "current")

    assert list(vault.secrets.get("shopify", "acme")) == ["current"]
