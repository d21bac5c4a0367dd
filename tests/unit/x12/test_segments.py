"""Elements of segments: what they mean, and what is said of one that means nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from dom.x12.read import read
from dom.x12.segments import Segment, X12Error
from dom.x12.write import Envelope, Party, write

ONE = Segment(14, "W12", ("CC", " 12 ", "-3", "", "12.00", "EA>1"), ">")


def test_elements_are_read_by_their_number() -> None:
    assert (ONE.get(2), ONE.get(4), ONE.get(99)) == ("12", "", "")
    assert (ONE.whole(2), ONE.whole(3), ONE.whole(5)) == (12, -3, 12)
    assert (ONE.first(6), ONE.get(6)) == ("EA", "EA>1")
    lin = Segment(1, "LIN", ("1", "UP", "012345678905", "SK", "", "VN", "A1"))
    assert list(lin.pairs(2)) == [("UP", "012345678905"), ("VN", "A1")]


def test_days_and_times() -> None:
    when = Segment(2, "BIA", ("20261120", "261121", "1010", "101059", "10105999"))
    assert (when.day(1), when.day(2)) == (date(2026, 11, 20), date(2026, 11, 21))
    assert (when.clock(3), when.clock(4), when.clock(5)) == (
        time(10, 10),
        time(10, 10, 59),
        time(10, 10, 59),
    )


@pytest.mark.parametrize("text", ["1,000", "1.5", "12345678901", "x", "1e3", "٣"])
def test_what_is_no_number_of_units_is_refused_by_segment_and_position(text: str) -> None:
    with pytest.raises(X12Error) as refused:
        Segment(14, "W12", ("CC", text)).whole(2)
    assert str(refused.value) == "W12-02 (segment 14): it is no whole number of units"


@pytest.mark.parametrize("text", ["", "2026", "20261399", "tomorrow"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(X12Error):
        Segment(3, "G62", ("11", text)).day(2)


@pytest.mark.parametrize("text", ["", "1", "2460", "tenam"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(X12Error):
        Segment(3, "BIA", (text,)).clock(1)


def test_what_is_written_can_be_read_and_text_cannot_break_it() -> None:
    envelope = Envelope(
        Party("ZZ", "SHOP"),
        Party("08", "WMS", "WMSGROUP"),
        "OW",
        "940",
        7,
        datetime(2026, 11, 20, 10, 10, tzinfo=UTC),
    )
    body = [("W05", "N", "A-1", "", ""), ("N1", "ST", "Zoë ~*> Ltd\n", "92")]
    text = write(envelope, body)
    assert text.startswith("ISA*00*          *00*          *ZZ*SHOP           *08*WMS            *")
    assert text.index("*>~\n") == 103
    (found,) = read(text)
    assert (found.warnings, found.groups[0].warnings) == ((), ())
    (one,) = found.groups[0].sets
    assert (one.problem, one.warnings, one.control) == (None, (), "000000007")
    assert [part.elements for part in one.body] == [("N", "A-1"), ("ST", "Zoë   Ltd", "92")]
