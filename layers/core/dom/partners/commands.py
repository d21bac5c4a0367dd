"""What an entry of a partner's file asks for, whichever way it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dom.model.feed import FeedMode
from dom.model.ids import LocationId, Sku
from dom.model.told import AcceptanceTold, RejectionTold, ShipmentTold


@dataclass(frozen=True, slots=True)
class StockRow:
    """Units of a SKU at a location: what lies there (`on_hand`), what of it is free (`available`),
    of changes what came or went; None: it does not say.
    """

    sku: Sku
    location_id: LocationId
    on_hand: int | None
    available: int | None


@dataclass(frozen=True, slots=True)
class StockTold:
    """What lies where as of a time (None: as of when the file came). `refused`: why of lines that
    cannot be used.
    """

    mode: FeedMode
    rows: tuple[StockRow, ...]
    name: str
    as_of: datetime | None = None
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArrivalTold:
    """Goods of a purchase are on their way to a location. `again`: this announcement's number."""

    number: str
    again: str
    location_id: LocationId
    units: Mapping[Sku, int]
    expected_on: date | None = None
    called_off: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the partner's system says of a set that we sent, by our control number: `refused` says
    why it cannot use it, "" that it can.
    """

    control: str
    refused: str = ""


Command = ShipmentTold | RejectionTold | AcceptanceTold | StockTold | ArrivalTold | Receipt


@dataclass(frozen=True, slots=True)
class Entry:
    """One set or row, by its number in the file from 1. `claim` names it for good, where its kind
    has names; `content` is a digest of what it says. `problem`: why it cannot be understood.
    """

    number: int
    name: str
    content: str
    commands: tuple[Command, ...] = ()
    claim: str = ""
    warnings: tuple[str, ...] = ()
    problem: str = ""
