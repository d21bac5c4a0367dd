"""Signed requests: anybody's library of Standard Webhooks can verify them."""

from __future__ import annotations

import base64
import hashlib
import hmac

from dom.http.signed import SigningKey, signature, signed

# The reference vector of https://www.standardwebhooks.com.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NAME, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}'
SIGNATURE = "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_reference_vector_is_signed_as_the_specification_says() -> None:
    assert signature(SECRET, NAME, AT, BODY) == SIGNATURE


def test_a_secret_that_is_no_base64_is_the_key_as_it_stands() -> None:
    for secret in ("acme-secret", "whsec_not base64!"):
        told = f"{NAME}.{AT}.".encode() + BODY
        made = hmac.new(secret.encode(), told, hashlib.sha256).digest()
        assert signature(secret, NAME, AT, BODY) == base64.b64encode(made).decode()


def test_while_a_key_is_replaced_both_sign_the_very_same_bytes() -> None:
    body, headers = signed({"é": 1}, NAME, [SigningKey("new", "k2"), SigningKey("old")], int(AT))
    assert body == '{"é":1}'.encode()
    both = [f"v1,{signature(key, NAME, AT, body)}" for key in ("new", "old")]
    assert headers["webhook-signature"].split() == both
    assert (headers["webhook-timestamp"], headers["Dom-Key-Id"]) == (AT, "k2")


def test_a_name_of_any_letters_is_a_header_and_what_is_signed() -> None:
    body, headers = signed({}, "Malmö 1#7", [SigningKey(SECRET)], int(AT))
    assert headers["webhook-id"] == headers["Idempotency-Key"] == "Malm%C3%B6%201#7"
    made = signature(SECRET, headers["webhook-id"], AT, body)
    assert headers["webhook-signature"] == f"v1,{made}"
