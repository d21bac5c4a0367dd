"""Signatures by RSA, against what openssl made and against what only looks like it."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from dom.channels.rsa_signature import signed_by
from hypothesis import given, settings
from hypothesis import strategies as st

VECTORS: dict[str, str] = json.loads(
    (Path(__file__).parent / "data" / "rsa_vectors.json").read_text(encoding="utf-8")
)
KEY, BODY = VECTORS["public_key"], VECTORS["body"].encode()
SIGNATURE = base64.b64decode(VECTORS["signature"])


def test_what_openssl_signed_is_known() -> None:
    assert signed_by(KEY, SIGNATURE, BODY)
    assert signed_by(f"\n  {KEY}\n", SIGNATURE, BODY)


@pytest.mark.parametrize(
    ("signature", "body"),
    [
        (SIGNATURE, BODY + b"\n"),
        (SIGNATURE, b""),
        (b"", BODY),
        (SIGNATURE[:-1], BODY),
        (b"\0" + SIGNATURE, BODY),
        (b"\xff" * 256, BODY),
        (b"\0" * 255 + b"\1", BODY),
        (base64.b64decode(VECTORS["sha1_signature"]), BODY),
    ],
)
def test_anything_else_is_not(signature: bytes, body: bytes) -> None:
    assert not signed_by(KEY, signature, body)


def test_a_short_key_proves_nothing() -> None:
    assert not signed_by(
        VECTORS["short_public_key"], base64.b64decode(VECTORS["short_signature"]), BODY
    )


@pytest.mark.parametrize("key", ["", "secret", VECTORS["elliptic_public_key"], KEY[:200], KEY[40:]])
def test_what_is_no_rsa_key_proves_nothing(key: str) -> None:
    assert not signed_by(key, SIGNATURE, BODY)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 255), st.integers(1, 255))
def test_no_other_signature_of_any_single_byte_passes(place: int, change: int) -> None:
    forged = bytearray(SIGNATURE)
    forged[place] ^= change
    assert not signed_by(KEY, bytes(forged), BODY)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_broken_key_is_refused_and_never_an_error(data: st.DataObject) -> None:
    lines = KEY.splitlines()
    der = bytearray(base64.b64decode("".join(lines[1:-1])))
    place = data.draw(st.integers(0, len(der) - 1))
    der[place] = data.draw(st.integers(0, 255).filter(lambda one: one != der[place]))
    cut = data.draw(st.integers(0, len(der)) | st.just(len(der)))
    text = base64.b64encode(bytes(der[:cut])).decode()
    assert not signed_by(f"{lines[0]}\n{text}\n{lines[-1]}", SIGNATURE, BODY)
