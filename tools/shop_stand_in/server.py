"""The stand-in behind HTTP on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tools.shop_stand_in.shop import ShopStandIn
from tools.stand_in import listening


@contextmanager
def shop_stand_in() -> Iterator[ShopStandIn]:
    """One that listens on a free port of this machine until the block ends."""
    shop = ShopStandIn()
    # Looked up anew: a test may give the shop another answer.
    with listening(lambda asked: shop.answer(asked)) as shop.url:
        yield shop
