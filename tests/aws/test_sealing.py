"""What is sealed opens as it was, with its key, where it belongs, and in no other way."""

from __future__ import annotations

import os

import pytest
from dom.aws.sealing import NotAsSealed, opened, seal
from hypothesis import given
from hypothesis import strategies as st

KEY = bytes(range(32))
PLACES = st.text(st.characters(codec="utf-8"), max_size=40)


@given(plain=st.binary(max_size=2000), place=PLACES)
def test_what_is_sealed_opens_as_it_was(plain: bytes, place: str) -> None:
    sealed = seal(KEY, plain, place)
    assert opened(KEY, sealed, place) == plain
    assert sealed != seal(KEY, plain, place)


@given(plain=st.binary(max_size=200), place=PLACES, other=PLACES, data=st.data())
def test_nothing_else_opens_it(plain: bytes, place: str, other: str, data: st.DataObject) -> None:
    sealed = bytearray(seal(KEY, plain, place))
    wrong = [(os.urandom(32), bytes(sealed), place)]
    if other != place:
        wrong.append((KEY, bytes(sealed), other))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    wrong += [(KEY, bytes(sealed), place), (KEY, bytes(sealed[:at]), place)]
    for key, text, where in wrong:
        with pytest.raises(NotAsSealed):
            opened(key, text, where)
