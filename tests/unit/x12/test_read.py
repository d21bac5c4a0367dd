"""X12 as partners really write it: what is odd is noted, what cannot be read costs only itself."""

from __future__ import annotations

import pytest
from dom.errors import InvalidInput
from dom.x12.read import Interchange, TransactionSet, read
from hypothesis import given
from hypothesis import strategies as st

ISA = "ISA*00*          *00*          *ZZ*WMSCORP        *ZZ*SHOP           *261120*1010*U*00401"
HEAD = f"{ISA}*000000031*0*P*>~"
GS = "GS*SW*WMSCORP*SHOP*20261120*1010*31*X*004010~"
ONE = "ST*945*0001~W06*F*A-1*20261120~SE*3*0001~"
TWO = "ST*945*0002~W06*F*A-2*20261120~SE*3*0002~"
END = "GE*2*31~IEA*1*000000031~"
WHOLE = f"{HEAD}{GS}{ONE}{TWO}{END}"


def only(text: str) -> Interchange:
    (found,) = read(text)
    return found


def sets(text: str) -> list[TransactionSet]:
    return [one for part in read(text) for group in part.groups for one in group.sets]


def said(text: str) -> list[tuple[str, ...]]:
    return [(one.control, *(x.get(2) for x in one.body)) for one in sets(text)]


BOTH = [("0001", "A-1"), ("0002", "A-2")]


def test_envelopes_name_sender_control_numbers_and_sets() -> None:
    found = only(WHOLE)
    assert (found.sender, found.control, found.warnings) == ("WMSCORP", "000000031", ())
    (group,) = found.groups
    assert (group.code, group.control, group.warnings) == ("SW", "31", ())
    assert [(one.kind, one.control, one.warnings, one.problem) for one in group.sets] == [
        ("945", "0001", (), None),
        ("945", "0002", (), None),
    ]
    assert said(WHOLE) == BOTH


@pytest.mark.parametrize(
    "written",
    [
        WHOLE.replace("~", "~\r\n"),
        WHOLE.replace("~", "\n"),
        WHOLE.replace("~", "\r\n"),
        WHOLE.replace("~", "\n").rstrip("\n"),
        "\ufeff\n" + WHOLE + "\x1a",
        WHOLE.replace("*", "|").replace(">", "^"),
        WHOLE.replace("          ", " ").replace("       ", " "),
        WHOLE.replace("P*>~", "P*~").replace("~", "~\n"),
        WHOLE.replace("P*>~", "P*~"),
        WHOLE.replace("~", "\x1e").replace("*", "\x1d"),
    ],
    ids=[
        "each on a line", "by newline", "by CRLF", "end left out", "BOM and Ctrl-Z", "others",
        "blanks left out", "ISA16 left out, on lines", "ISA16 left out", "control characters",
    ],
)  # fmt: skip
def test_separators_are_those_that_the_header_says(written: str) -> None:
    assert said(written) == BOTH
    assert [one.problem for one in sets(written)] == [None, None]


def test_each_interchange_of_a_file_has_its_own_separators() -> None:
    other = WHOLE.replace("*", "|").replace("~", "\n").replace("A-", "B-")
    assert said(WHOLE + other) == [*BOTH, ("0001", "B-1"), ("0002", "B-2")]


def test_wrong_counts_and_numbers_of_trailers_are_noted_and_no_reason_to_refuse() -> None:
    text = WHOLE.replace("SE*3*0001", "SE*12*0001").replace(END, "GE*7*575103~IEA*3*3317     ~")
    found = only(text)
    assert found.warnings == (
        "IEA-01 says 3, there are 1",
        "IEA-02 says 3317, its header 000000031",
    )
    assert found.groups[0].warnings == (
        "GE-01 says 7, there are 2",
        "GE-02 says 575103, its header 31",
    )
    first, second = found.groups[0].sets
    assert first.warnings == ("SE-01 (segment 5) says 12, there are 3 segments",)
    assert (first.problem, second.warnings) == (None, ())


def test_a_set_without_its_end_is_refused_alone() -> None:
    first, second = sets(WHOLE.replace("SE*3*0001~", ""))
    assert str(first.problem) == "W06 (segment 4): the set ends here without SE"
    assert second.problem is None
    first, second = sets(WHOLE.replace("SE*3*0001", "SE*3*0009"))
    assert str(first.problem) == "SE-02 (segment 5): it ends another set than 0001"
    assert second.problem is None


def test_of_a_file_that_is_cut_off_what_is_whole_can_be_used() -> None:
    found = only(WHOLE[: WHOLE.index("W06*F*A-2") + 6])
    first, second = found.groups[0].sets
    assert (first.problem, second.problem is None) == (None, False)
    assert found.warnings == ("IEA is missing",)
    assert found.groups[0].warnings == ("GE is missing",)


def test_what_is_no_segment_or_stands_nowhere_is_named() -> None:
    (broken, _) = sets(WHOLE.replace("W06*F*A-1", "w6!*F*A-1"))
    assert str(broken.problem) == "w6! (segment 4): this is no segment"
    (stray,) = only(f"{HEAD}{GS}N1*SF~{ONE}{END}").groups
    assert stray.warnings[0] == "N1 (segment 3) is in no set"
    (nowhere,) = sets(f"{HEAD}{ONE}IEA*1*31~")
    assert str(nowhere.problem) == "ST (segment 2): it stands in no group (GS)"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "ISA: the file is empty"),
        ("orderId,quantity\n1,2", "ISA: the file does not begin with one"),
        ("ISA", "ISA: the file does not begin with one"),
        ("ISA*00*1*2~", "ISA: it has fewer than 16 elements, or nothing behind them"),
        ("ISA-" + "-" * 15 + ">", "ISA: it has fewer than 16 elements, or nothing behind them"),
        ("ISAX" + "X" * 20, "ISA: 'X' cannot part its elements"),
        (WHOLE.replace("*>~", "*>B"), "ISA: its last characters do not say what ends a segment"),
        (WHOLE.replace("*>~", "*~~"), "ISA: its last characters do not say what ends a segment"),
    ],
)
def test_what_is_no_x12_is_refused_as_a_whole(text: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(text)
    assert str(refused.value) == reason


@given(st.data())
def test_whatever_becomes_of_a_file_it_is_read_or_refused_by_name(data: st.DataObject) -> None:
    text = WHOLE
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(st.text(max_size=4)) + text[at + cut :]
    assert refused_for(text) <= {"ISA", "file"}


def refused_for(text: str) -> set[str]:
    """Why the file as a whole; nothing: each of its sets is read, or names where it cannot."""
    try:
        found = sets(text)
    except InvalidInput as refused:
        return {refused.field}
    return {"a set" for one in found if one.problem and not one.problem.segment.position}
