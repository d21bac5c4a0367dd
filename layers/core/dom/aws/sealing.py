"""Bytes sealed with AES-256-GCM: nobody without the key reads them, or changes them unnoticed.

NIST SP 800-38D. A nonce is 96 random bits: a key seals what is written of one order, which is far
from the 2^32 that random nonces of one key are good for.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from dom.errors import Busy

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# The first byte says how the rest is to be read, so that another cipher can follow.
_FORMAT = b"\x01"
_NONCE = 12


class NotAsSealed(Busy):
    """This key does not open it, it belongs elsewhere, or it was changed. That is no answer to give
    to a customer: whoever asked comes again, and people look.
    """


def seal(key: bytes, plain: bytes, belongs_to: str) -> bytes:
    """`plain` sealed; it opens with the same `belongs_to` only: moved elsewhere it is refused."""
    nonce = os.urandom(_NONCE)
    sealed = _cipher()(key).encrypt(nonce, plain, _FORMAT + belongs_to.encode())
    return _FORMAT + nonce + sealed


def opened(key: bytes, sealed: bytes, belongs_to: str) -> bytes:
    """What was sealed, or NotAsSealed."""
    form, nonce, rest = sealed[:1], sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    if form != _FORMAT:
        raise NotAsSealed(f"{belongs_to} is sealed in a way that is not known here")
    try:
        return _cipher()(key).decrypt(nonce, rest, form + belongs_to.encode())
    except _refused() as error:
        raise NotAsSealed(f"{belongs_to} cannot be opened: it is not as it was sealed") from error


@cache
def _cipher() -> type[AESGCM]:
    """Imported by whoever seals: only their functions have its layer, and not all calls need it."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM


@cache
def _refused() -> tuple[type[Exception], ...]:
    from cryptography.exceptions import InvalidTag

    return (InvalidTag, ValueError)
