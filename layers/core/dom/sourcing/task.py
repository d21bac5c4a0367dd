"""What the exact search is to cover, within which limits, and a cover of it."""

from __future__ import annotations

from typing import NamedTuple

from dom.sourcing.pieces import Piece


class Limits(NamedTuple):
    """At most so many parcels (None: any number), and whether pieces may be left over.

    `value`: goods of less value (minor units) are no shipment of their own beside others, and not
    left over beside one.
    """

    parcels: int | None
    may_lose: bool
    value: int = 0


class Bond(NamedTuple):
    """Pieces (as a bit mask) that those locations send in one parcel or not at all."""

    pieces: int
    places: int


class Task(NamedTuple):
    """What is to be covered. `missing`: units that no piece stands for, and `missing_value`."""

    pieces: list[Piece]
    limits: Limits
    bonds: tuple[Bond, ...] = ()
    missing: int = 0
    missing_value: int = 0


class Part(NamedTuple):
    """Pieces (as a bit mask) that one location sends, and the score of that."""

    pieces: int
    place: int
    score: int


class Cover(NamedTuple):
    """The score of a cover, and its parts; pieces in no part are left over."""

    score: int
    parts: tuple[Part, ...]
