"""Whether a body was signed by the holder of an RSA key: RSASSA-PKCS1-v1_5 with SHA-256.

RFC 8017, section 8.2.2. Only a public key takes part, so nothing here is secret, and a power and a
comparison are all of it; a library for that would weigh ten megabytes in a function that has to
answer within a second. The encoded message is built and compared as a whole, never parsed: that is
what forged signatures have lived on.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator

PEM = "-----BEGIN PUBLIC KEY-----"
_END = "-----END PUBLIC KEY-----"
# DER of the DigestInfo of SHA-256, as RFC 8017 spells it out (section 9.2, note 1).
_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")
# DER of the identifier rsaEncryption with its NULL parameters (RFC 3279, section 2.3.1).
_RSA = bytes.fromhex("300d06092a864886f70d0101010500")
_SMALLEST_BITS = 2048
_INTEGER, _BIT_STRING, _SEQUENCE = 0x02, 0x03, 0x30


def signed_by(public_key: str, signature: bytes, body: bytes) -> bool:
    """Whether the key's owner signed the body. `public_key`: PEM of a SubjectPublicKeyInfo.

    False also for a key that is none, that is shorter than 2,048 bits, or no RSA key.
    """
    try:
        key = _key(public_key)
    except (ValueError, IndexError):
        return False
    return signed_with(*key, signature, body)


def signed_with(modulus: int, exponent: int, signature: bytes, body: bytes) -> bool:
    """The same for a key's two numbers; False also for numbers that are no key."""
    if exponent < 3 or exponent % 2 == 0:
        return False
    size = (modulus.bit_length() + 7) // 8
    number = int.from_bytes(signature)
    if modulus.bit_length() < _SMALLEST_BITS or len(signature) != size or number >= modulus:
        return False
    told = _SHA256 + hashlib.sha256(body).digest()
    padding = b"\xff" * (size - len(told) - 3)
    expected = b"\x00\x01" + padding + b"\x00" + told
    return hmac.compare_digest(pow(number, exponent, modulus).to_bytes(size), expected)


def _key(pem: str) -> tuple[int, int]:
    """Modulus and exponent. ValueError, IndexError: it is no RSA public key in PEM."""
    begin, end = pem.index(PEM) + len(PEM), pem.index(_END)
    try:
        info = base64.b64decode("".join(pem[begin:end].split()), validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
    body = _only(_SEQUENCE, info)
    if not body.startswith(_RSA):
        raise ValueError("not an RSA key")
    bits = _only(_BIT_STRING, body[len(_RSA) :])
    if bits[0]:
        raise ValueError("bits are left over")
    numbers = [_number(one) for one in _parts(_INTEGER, _only(_SEQUENCE, bits[1:]))]
    modulus, exponent = numbers
    return modulus, exponent


def _only(tag: int, der: bytes) -> bytes:
    (content,) = _parts(tag, der)
    return content


def _parts(tag: int, der: bytes) -> Iterator[bytes]:
    """Contents of DER values that follow each other, all with that tag (X.690, section 8.1)."""
    while der:
        if der[0] != tag:
            raise ValueError("another tag")
        length, start = der[1], 2
        if length >= 0x80:
            start += length - 0x80
            length = int.from_bytes(der[2:start])
        if start + length > len(der):
            raise ValueError("cut short")
        yield der[start : start + length]
        der = der[start + length :]


def _number(content: bytes) -> int:
    number = int.from_bytes(content, signed=True)
    if number <= 0:
        raise ValueError("not positive")
    return number
