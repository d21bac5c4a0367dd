"""An RSA key of a vendor, as vendors publish theirs, and what it signs."""

from __future__ import annotations

import base64
import json
from functools import cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa


@cache
def vendor_key(name: str) -> rsa.RSAPrivateKey:
    """The same key for the same name, as long as the tests run."""
    return rsa.generate_private_key(65537, 2048)


def signed(name: str, body: bytes) -> str:
    """Base64 of RSASSA-PKCS1-v1_5 with SHA-256."""
    return base64.b64encode(
        vendor_key(name).sign(body, padding.PKCS1v15(), hashes.SHA256())
    ).decode()


def pem(name: str) -> str:
    """Its public half in PEM."""
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    public = vendor_key(name).public_key()
    return public.public_bytes(serialization.Encoding.PEM, kind).decode()


def jwk(name: str) -> dict[str, str]:
    """Its public half as a JSON Web Key."""
    numbers = vendor_key(name).public_key().public_numbers()
    return {"kty": "RSA", "kid": name, "alg": "RS256", "n": _text(numbers.n), "e": _text(numbers.e)}


def jwks(*names: str) -> str:
    """A key set."""
    return json.dumps({"keys": [jwk(name) for name in names]})


def _text(number: int) -> str:
    size = (number.bit_length() + 7) // 8
    return base64.urlsafe_b64encode(number.to_bytes(size)).rstrip(b"=").decode()
