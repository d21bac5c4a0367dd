"""846, inventory advice: what lies where, or what changed; a line that cannot be used is named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from dom.errors import InvalidInput
from dom.model.feed import FeedMode
from dom.model.ids import LocationId
from dom.model.partner import Partner
from dom.partners.commands import Command, StockRow, StockTold
from dom.partners.items import place_needed, place_of, sku_of, units_of
from dom.partners.loops import Loop, first, loops
from dom.x12.segments import Segment

# Which report it is (BIA02). Everything that reports stock is a snapshot, but for changes.
_CHANGES = frozenset({"CH"})
_REPORTS = frozenset({"SR", "SI", "DD", "IB", "IP", "IR", "MB", "MM", "MR", "PI", "PR", "SD", "00"})
# What a quantity is (QTY01): what lies there, or what of it can be sold.
_ON_HAND, _AVAILABLE = ("17", "1", "01"), ("33", "QA")


def inventory_advice(
    header: Segment, body: Sequence[Segment], partner: Partner
) -> tuple[Command, ...]:
    """What the set says. X12Error: it says nothing that can be used."""
    head, found = loops(body, "LIN")
    begin = first(head, "BIA")
    mode = _mode(begin)
    place, rows, refused = place_of(head, partner), list[StockRow](), list[str]()
    for loop in found:
        try:
            rows.append(_row(loop, mode, place, partner))
        except InvalidInput as wrong:
            refused.append(str(wrong))
    if not found:
        raise (begin or header).wrong(0, "it names no item (no LIN)")
    as_of = _as_of(begin, partner.zone) if begin else None
    return (StockTold(mode, tuple(rows), header.get(2), as_of, tuple(refused)),)


def _mode(begin: Segment | None) -> FeedMode:
    told = begin.get(2).upper() if begin else "SR"
    if begin and told not in _CHANGES | _REPORTS:
        raise begin.wrong(2, f"{told[:20] or 'nothing'} is no report that we know")
    return FeedMode.DELTA if told in _CHANGES else FeedMode.SNAPSHOT


def _as_of(begin: Segment, zone: str) -> datetime | None:
    """The report's time; None: it says no time of day, and when it came says more."""
    if not begin.get(4) or not begin.get(5):
        return None
    moment = datetime.combine(begin.day(4), begin.clock(5) or time(), ZoneInfo(zone))
    return moment.astimezone(UTC)


def _row(loop: Loop, mode: FeedMode, place: LocationId | None, partner: Partner) -> StockRow:
    item = loop[0]
    sku = sku_of(item, item.pairs(2), partner)
    here = place_needed(item, place_of(loop, partner) or place, partner)
    units: dict[str, int] = {}
    for one in loop:
        if one.id == "QTY":
            units[one.get(1)] = units.get(one.get(1), 0) + units_of(one, 2, 3, sku, partner)
    if not units:
        raise item.wrong(0, "the item has no quantity (QTY)")
    on_hand, available = (_first(units, names) for names in (_ON_HAND, _AVAILABLE))
    if mode is FeedMode.DELTA and on_hand is None and available is None:
        on_hand = _first(units, tuple(units)[:1])
    if on_hand is None and available is None:
        kinds = ", ".join(units)
        raise item.wrong(0, f"no quantity says what is there (there are: {kinds[:60]})")
    return StockRow(sku, here, on_hand, available)


def _first(units: dict[str, int], names: Sequence[str]) -> int | None:
    return next((units[name] for name in names if name in units), None)
