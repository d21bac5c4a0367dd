"""Signatures by keys of a JSON Web Key Set."""

from __future__ import annotations

import base64
import json

import pytest
from dom.channels.jwk import signed_by_set
from hypothesis import given, settings
from support.mutations import JSON
from support.rsa_keys import jwk, jwks, signed

BODY = b'{"any": 1}'
SIGNATURE = base64.b64decode(signed("new", BODY))


def test_any_key_of_the_set_may_have_signed() -> None:
    assert signed_by_set(jwks("old", "new"), SIGNATURE, BODY)
    assert signed_by_set(json.dumps(jwk("new")), SIGNATURE, BODY)
    assert not signed_by_set(jwks("old"), SIGNATURE, BODY)
    assert not signed_by_set(jwks("new"), SIGNATURE, BODY + b" ")
    assert not signed_by_set(jwks("new"), b"", BODY)


@pytest.mark.parametrize(
    "change",
    [{"kty": "EC"}, {"n": "AQAB"}, {"n": ""}, {"n": "ü"}, {"n": None}, {"e": "AA"}, {"e": "Ag"}],
)
def test_what_is_no_key_proves_nothing(change: dict[str, object]) -> None:
    document = json.dumps({"keys": [jwk("new") | change]})
    assert not signed_by_set(document, SIGNATURE, BODY)


@settings(max_examples=80, deadline=None)
@given(JSON)
def test_no_document_is_a_bug(document: object) -> None:
    text = json.dumps({"keys": document})
    assert not signed_by_set(text, SIGNATURE, BODY)
    assert not signed_by_set(text[:-1], SIGNATURE, BODY)
