"""Which locations can send what of an order, and lines split where no location has them whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dom.sourcing import bits
from dom.sourcing.joint.market import SLOTS, Market
from dom.sourcing.joint.wish import Piece, Wish

# Up to so many pieces an order is divided exactly, and lines go unit by unit that no location has
# whole; beyond, in as few parts as can be.
MOST_PIECES = 10


def able_places(wish: Wish, market: Market) -> list[int]:
    """By piece: the locations that can send it."""
    usable = (market.at_least(SLOTS, 1) | wish.also) & wish.allowed
    able = [
        market.at_least(p.sku, p.quantity) & usable & ~p.barred
        if p.barred
        else market.at_least(p.sku, p.quantity) & usable
        for p in wish.pieces
    ]
    if wish.effort is None:
        return able
    return [x & ~market.too_much(wish, (p,)) for x, p in zip(able, wish.pieces, strict=True)]


def sendable(wish: Wish, market: Market, able: Sequence[int]) -> tuple[Wish, int]:
    """The wish as the market can fill it, and the price of the lines that it cannot: a line that no
    location has whole goes in parts, if all of it is there."""
    if all(able):
        return wish, 0
    missing = [p for p, places in zip(wish.pieces, able, strict=True) if not places]
    kept = [p for p, places in zip(wish.pieces, able, strict=True) if places]
    parts = [_parts(wish, piece, market) for piece in missing]
    units = [_in_units(part) for part in parts]
    if len(kept) + sum(map(len, units)) <= MOST_PIECES:
        parts = units
    gone = sum(
        {p.line: p.lost for p, part in zip(missing, parts, strict=True) if not part}.values()
    )
    pieces = (*kept, *(piece for part in parts for piece in part))
    return replace(wish, pieces=pieces, _loads={}), gone


def _parts(wish: Wish, piece: Piece, market: Market) -> list[Piece]:
    """As few pieces as can be, from the locations that have most; none if that is not enough."""
    usable = (market.at_least(SLOTS, 1) | wish.also) & wish.allowed & ~piece.barred
    places = bits.members(market.at_least(piece.sku, 1) & usable)
    there = sorted((market.units[piece.sku][place] for place in places), reverse=True)
    parts, left = [], piece.quantity
    for units in there:
        if left:
            parts.append(_share(piece, min(units, left)))
            left -= parts[-1].quantity
    return [] if left else parts


def _in_units(parts: Sequence[Piece]) -> list[Piece]:
    return [_share(part, 1) for part in parts for _ in range(part.quantity)]


def _share(piece: Piece, units: int) -> Piece:
    weight = -(-piece.weight // piece.quantity) * units
    return piece._replace(quantity=units, weight=weight)
