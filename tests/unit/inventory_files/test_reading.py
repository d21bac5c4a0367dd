"""What comes in files: whatever its makers did to it, good rows are used and bad ones named."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pytest
from dom.model.feed import FeedMode, QuantityIs
from dom.model.feed_source import FeedRun, FileFormat, RunStatus
from hypothesis import given
from hypothesis import strategies as st
from support.feed_files import FeedWorld, source

HEADER = "sku,location_id,quantity"


def lines(*rows: str, end: str = "\n", header: str = HEADER) -> str:
    return end.join([header, *rows, ""])


def refused(run: FeedRun) -> str:
    assert run.status is RunStatus.REFUSED
    (reason,) = run.reasons
    return reason


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_do_not_matter(end: str, mark: str) -> None:
    world = FeedWorld()
    run = world.drop(mark + lines("MUG,RENO,5", "CUP,RENO,6", end=end))
    assert (run.status, run.tally.rows, run.tally.rejected) == (RunStatus.APPLIED, 2, 0)
    assert world.units() == {"MUG": 5, "CUP": 6}


def test_a_file_without_a_last_line_end_is_whole() -> None:
    world = FeedWorld()
    world.drop(lines("MUG,RENO,5").rstrip())
    assert world.units() == {"MUG": 5}


def test_columns_are_found_by_the_names_that_the_source_gives_them() -> None:
    columns = {"sku": "Item No.", "quantity": "Qty", "location_id": "Whse"}
    world = FeedWorld(source(columns=columns, locations={"W1": "RENO"}, delimiter=";"))
    text = 'Descr;Whse;Item No.;Qty\n"big; blue";W1;MUG;5\n;W2;CUP;6\n'
    run = world.drop(text)
    assert world.units() == {"MUG": 5}
    (reject,) = world.rejects(run)
    assert reject.startswith("3,location_id,") and reject.endswith(",W2")


def test_a_store_that_sends_no_locations_speaks_of_its_own() -> None:
    world = FeedWorld(source(location_id="BOSTON"))
    world.drop("sku,quantity\nMUG,5\n")
    assert world.units("BOSTON") == {"MUG": 5}


def test_quoted_line_ends_belong_to_the_field() -> None:
    world = FeedWorld()
    text = 'sku,note,location_id,quantity\nMUG,"blue\r\nlarge, ""new""",RENO,5\nCUP,,RENO,6\n'
    run = world.drop(text)
    assert (run.tally.rows, world.units()) == (2, {"MUG": 5, "CUP": 6})


def test_a_quote_that_is_never_closed_costs_its_own_line_only() -> None:
    world = FeedWorld()
    rows = [f"S{n},RENO,{n}" for n in range(1, 60)]
    run = world.drop(lines(*rows[:10], '"BAD,RENO,5', *rows[10:]))
    assert (run.tally.rows, run.tally.rejected) == (60, 1)
    assert world.units() == {f"S{n}": n for n in range(1, 60)}
    (reject,) = world.rejects(run)
    assert reject.startswith("12,,it cannot be read")


def test_a_quote_within_a_field_is_a_character() -> None:
    world = FeedWorld()
    world.drop(lines('PIPE 5",RENO,5', "CUP,RENO,6"))
    assert world.units() == {'PIPE 5"': 5, "CUP": 6}


def test_a_line_without_an_end_is_refused_and_not_kept_in_memory() -> None:
    world = FeedWorld()
    run = world.drop(lines("MUG,RENO,5", "X" * 300_000, "CUP,RENO,6"))
    assert (run.tally.rejected, world.units()) == (1, {"MUG": 5, "CUP": 6})


def test_bytes_of_another_encoding_cost_their_own_row_only() -> None:
    world = FeedWorld()
    body = (
        lines("MUG,RENO,5", "TASSE,RENO,7").encode().replace(b"TASSE", "T\xdcTE".encode("cp1252"))
    )
    run = world.drop(body)
    assert world.units() == {"MUG": 5}
    assert world.rejects(run) == ["3,sku,it is not utf-8,T\\udcdcTE"]
    world.by = source(encoding="cp1252")
    world.drop(body)
    assert world.units() == {"MUG": 5, "T\xdcTE": 7}


def test_utf_16_is_read_when_the_source_says_so_and_refused_when_not() -> None:
    world, body = FeedWorld(), lines("MUG,RENO,5").encode("utf-16")
    assert "UTF-16" in refused(world.drop(body))
    world.by = source(encoding="utf-16")
    assert world.drop(body).status is RunStatus.APPLIED
    assert world.units() == {"MUG": 5}


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("MUG,RENO,-1", "quantity"),
        ("MUG,RENO,1.5", "quantity"),
        ('MUG,RENO,"1,000"', "quantity"),
        ("MUG,RENO,1e3", "quantity"),
        ("MUG,RENO,", "quantity"),
        ("MUG,RENO,9999999999999999999999", "quantity"),
        ("MUG,RENO,2000000000", "quantity"),
        (",RENO,1", "sku"),
        ("M\tUG,RENO,1", "sku"),
        ("MUG,MARS,1", "location_id"),
        ("MUG,RE/NO,1", "location_id"),
        ("MUG,RENO", ""),
        ("MUG,RENO,1,2", ""),
        ('"MUG"x,RENO,1', ""),
    ],
)
def test_a_bad_row_is_named_and_its_neighbors_are_used(row: str, field: str) -> None:
    world = FeedWorld()
    run = world.drop(lines("CUP,RENO,6", row, "POT,RENO,7"))
    assert (run.tally.rows, run.tally.rejected) == (3, 1)
    assert world.units() == {"CUP": 6, "POT": 7}
    (reject,) = world.rejects(run)
    assert reject.startswith(f"3,{field},")


def test_whole_numbers_may_be_written_with_a_sign_or_a_point() -> None:
    world = FeedWorld()
    world.drop(lines("A,RENO,+3", "B,RENO,4.0", "C,RENO, 5 ", "D,RENO,006"))
    assert world.units() == {"A": 3, "B": 4, "C": 5, "D": 6}


def test_less_than_nothing_can_be_available_or_sold_but_not_on_hand() -> None:
    available = FeedWorld(source(quantity_is=QuantityIs.AVAILABLE))
    assert available.drop(lines("MUG,RENO,-2")).tally.rejected == 0
    sold = FeedWorld(source(mode=FeedMode.DELTA))
    sold.drop(lines("MUG,RENO,-2"))
    assert sold.units() == {"MUG": -2}


def test_rows_that_differ_for_one_position_are_not_both_used() -> None:
    world = FeedWorld()
    run = world.drop(lines("MUG,RENO,5", "MUG,RENO,5", "MUG,RENO,6", "MUG,BOSTON,7"))
    assert (world.units(), world.units("BOSTON")) == ({"MUG": 5}, {"MUG": 7})
    assert world.rejects(run) == ["4,quantity,line 2 says 5 of the same position,6"]


def test_of_rows_of_different_times_the_newest_counts() -> None:
    world = FeedWorld(source(columns={"as_of": "at"}))
    times = ["2026-03-02T09:00:00Z", "2026-03-02T10:59:00+02:00", "2026-03-02T08:00:00Z"]
    rows = [f"MUG,RENO,{n},{at}" for n, at in enumerate(times)]
    run = world.drop(lines(*rows, header=f"{HEADER},at"))
    assert (run.tally.rejected, world.units()) == (0, {"MUG": 0})


@pytest.mark.parametrize("at", ["yesterday", "2026-03-02T09:00:00", "2099-01-01T00:00:00Z"])
def test_a_time_that_cannot_be_is_refused(at: str) -> None:
    world = FeedWorld(source(columns={"as_of": "at"}))
    run = world.drop(lines(f"MUG,RENO,1,{at}", "CUP,RENO,2,", header=f"{HEADER},at"))
    assert (run.tally.rejected, world.units()) == (1, {"CUP": 2})
    assert "as_of" in refused(world.drop(lines("MUG,RENO,1"), as_of=at))


def test_ndjson_is_read_line_by_line() -> None:
    world = FeedWorld(source(format=FileFormat.NDJSON, columns={"quantity": "qty"}))
    good = '{"sku": "MUG", "location_id": "RENO", "qty": 5, "more": [1]}'
    number = '{"sku": 4711, "location_id": "RENO", "qty": "6"}'
    bad = ["[1]", "{", '{"sku": "A", "location_id": "RENO", "qty": true}', "NaN", "[" * 60_000]
    missing = '{"sku": null, "location_id": "RENO", "qty": 1}'
    run = world.drop("\n".join([good, "", *bad, missing, number, ""]))
    assert world.units() == {"MUG": 5, "4711": 6}
    assert [one.split(",")[0] for one in world.rejects(run)] == ["3", "4", "5", "6", "7", "8"]


def test_a_packed_file_is_unpacked_and_one_that_is_cut_off_changes_nothing() -> None:
    world = FeedWorld()
    packed = gzip.compress(lines(*(f"S{n},RENO,1" for n in range(5_000))).encode())
    assert "cut off" in refused(world.drop(packed[:-200]))
    assert world.units() == {}
    assert world.drop(packed, "stock.csv.gz").tally.changed == 5_000


def test_a_file_with_fewer_rows_than_its_metadata_says_changes_nothing() -> None:
    world = FeedWorld()
    assert "2 rows" in refused(world.drop(lines("A,RENO,1", "B,RENO,1"), rows="3"))
    assert world.drop(lines("A,RENO,1", "B,RENO,1"), rows="2").status is RunStatus.APPLIED


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "header"),
        ("\n\n", "header"),
        ("sku,quantity\nMUG,1\n", "'location_id' is not in the header"),
        ("sku,sku,location_id,quantity\nMUG,MUG,RENO,1\n", "'sku' is twice"),
        (HEADER + "\n", "none of its 0 rows"),
        (lines("MUG,RENO,x"), "none of its 1 rows"),
    ],
)
def test_a_file_that_cannot_be_used_at_all_says_why(text: str, told: str) -> None:
    world = FeedWorld()
    assert told in refused(world.drop(text))
    assert world.counted["FeedsRefused"] == 1


def test_a_file_beyond_the_disk_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dom.inventory.files.prepare.MOST_ROWS_OF_FILE", 3)
    world = FeedWorld()
    assert "more than 3 rows" in refused(world.drop(lines(*(f"S{n},RENO,1" for n in range(4)))))
    assert world.drop(lines(*(f"S{n},RENO,1" for n in range(3)))).status is RunStatus.APPLIED


ANYTHING = st.one_of(
    st.binary(max_size=300),
    st.lists(
        st.sampled_from(
            ["MUG", "RENO", "5", ",", '"', "\n", "\r", ";", "\0", "\ufeff", "{", "\xff"]
        ),
        max_size=80,
    ).map(lambda parts: (HEADER + "\n" + "".join(parts)).encode("utf-8")),
)


@given(ANYTHING, st.sampled_from(FileFormat), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_no_bytes_break_a_run(body: bytes, kind: FileFormat, encoding: str) -> None:
    world = FeedWorld(replace(source(), format=kind, encoding=encoding))
    run = world.drop(body)
    assert run.status in {RunStatus.APPLIED, RunStatus.REFUSED}
    if run.status is RunStatus.APPLIED:
        assert len(world.rejects(run)) >= min(1, run.tally.rejected)
