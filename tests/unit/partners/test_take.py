"""A file is taken entry by entry: once, each alone, as far as time goes, and it is said how."""

from __future__ import annotations

from typing import Any

import pytest
from dom.errors import Busy, InvalidInput, NotFound, Rejected
from dom.model.partner import PartnerFormat
from dom.model.partner_file import FileRun, PartnerFile
from dom.partners.take import MOST_TRIES, take
from dom.x12.read import read
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders import NOW
from support.partners import NOT_NOW, FakeOffice, advice, dropped, partner, x12

LINE = "1*1*0*EA**SK*MUG"


def three(**changes: Any) -> bytes:
    return x12(*(advice(f"a-{n}", LINE) for n in (1, 2, 3)), **changes).encode()


def hear(desk: FakeOffice, file: PartnerFile | None = None) -> PartnerFile | None:
    return take(file or dropped(), desk.office(), lambda: True)


def run_of(desk: FakeOffice) -> FileRun:
    return list(desk.runs.values())[-1]


def words(desk: FakeOffice) -> list[str]:
    return [one.word for report in desk.reports for one in report]


def test_each_set_is_carried_out_once_however_often_its_file_comes() -> None:
    desk = FakeOffice(data=three())
    assert hear(desk) is None
    assert (words(desk), run_of(desk).status) == (["taken"] * 3, "done")
    hear(desk)
    hear(desk, dropped("copy.edi", "e2"))
    assert (len(desk.done), words(desk)[3:]) == (3, ["repeated"] * 6)
    assert len(desk.runs) == 2
    assert desk.counts["PartnerEntriesRefused"] == 0


def test_other_content_under_the_same_numbers_is_refused() -> None:
    desk = FakeOffice(data=three())
    hear(desk)
    desk.data = x12(advice("b-1", LINE)).encode()
    hear(desk, dropped("other.edi", "e2"))
    assert run_of(desk).refused == {
        "1": "945 0001 of 000000031: these control numbers were used for something else"
    }


@pytest.mark.parametrize("error", [Rejected("no such work"), ZeroDivisionError("boom"), NOT_NOW])
def test_a_set_that_cannot_be_carried_out_stands_in_nobodys_way_and_can_be_repaired(
    error: Exception,
) -> None:
    desk = FakeOffice(data=three(), wrong={2: error})
    left = hear(desk)
    assert [name for name, _ in desk.done] == ["945 0001 of 000000031", "945 0003 of 000000031"]
    if isinstance(error, Busy):
        assert left == PartnerFile("partners/wms/monday.edi", "e1", NOW, 4, (2,), 1)
        assert run_of(desk).status == "reading"
    else:
        assert (left, run_of(desk).status, list(run_of(desk).refused)) == (None, "refused", ["2"])
        assert len(desk.errors) == (not isinstance(error, Rejected))
    desk.wrong = {}
    assert hear(desk, left or run_of(desk).file()) is None
    assert ([name[:8] for name, _ in desk.done][2:], run_of(desk).status) == (["945 0002"], "done")
    assert run_of(desk).refused == {}


def test_what_can_never_be_carried_out_now_is_refused_in_the_end() -> None:
    desk = FakeOffice(data=three(), wrong={2: NOT_NOW})
    left, tries = hear(desk), 1
    while left:
        left, tries = hear(desk, left), tries + 1
    assert (tries, len(desk.done)) == (MOST_TRIES + 1, 2)
    assert run_of(desk).refused == {"2": "945 0002 of 000000031: not now: not now"}


def test_a_part_that_was_not_done_is_told_and_may_be_done_again() -> None:
    desk = FakeOffice(data=three(), wrong={1: "line 4: no such item"})
    hear(desk)
    assert run_of(desk).refused == {"1": "945 0001 of 000000031: line 4: no such item"}
    desk.wrong = {}
    hear(desk)
    assert (run_of(desk).refused, len(desk.claims)) == ({}, 3)


def test_when_time_is_over_the_rest_waits_for_another_turn() -> None:
    desk = FakeOffice(data=three(), wrong={1: NOT_NOW})
    file: PartnerFile | None = dropped()
    turns = 0
    while file and turns < 9:
        file = take(file, desk.office(), lambda: False)
        turns += 1
        if turns == 2:
            desk.wrong = {}
    assert file is None
    assert sorted(name[:8] for name, _ in desk.done) == ["945 0001", "945 0002", "945 0003"]
    assert (run_of(desk).status, run_of(desk).handled) == ("done", 3)


def test_entries_that_stay_busy_keep_no_other_from_its_turn() -> None:
    desk = FakeOffice(data=three(), wrong={1: NOT_NOW, 2: NOT_NOW})
    file: PartnerFile | None = dropped()
    turns = 0
    while file:
        left = take(file, desk.office(), lambda: False)
        # A turn in which nothing went on is followed by a pause, and there is an end of it.
        assert left is None or left.tries > file.tries or left.begin > file.begin
        file, turns = left, turns + 1
    assert turns < 4 * MOST_TRIES
    assert [name[:8] for name, _ in desk.done] == ["945 0003"]
    assert list(run_of(desk).refused) == ["1", "2"]


def test_a_file_that_cannot_be_read_says_so_and_one_of_nobody_is_not_taken() -> None:
    for data, reason in ((b"what?", "ISA: the file does not begin"), (None, "file: it is gone")):
        desk = FakeOffice(data=data)
        assert hear(desk) is None
        assert (run_of(desk).status, run_of(desk).problem.startswith(reason)) == ("refused", True)
    desk = FakeOffice(data=three(), known=partner(active=False))
    hear(desk)
    assert run_of(desk).problem == "partner: wms is switched off"
    with pytest.raises(NotFound):
        hear(FakeOffice(known=partner(id="other")))
    with pytest.raises(InvalidInput):
        hear(desk, PartnerFile("partners/x.edi", "e", NOW))


@pytest.mark.parametrize("body", ["orderId,orderItemSeqId,quantity\n", x12()])
def test_a_file_that_has_nothing_to_say_is_done(body: str) -> None:
    known = partner() if body.startswith("ISA") else partner(format=PartnerFormat.CSV)
    desk = FakeOffice(data=body.encode(), known=known)
    assert hear(desk) is None
    assert (run_of(desk).status, run_of(desk).entries, desk.reports) == ("done", 0, [])


def test_groups_are_acknowledged_once_by_what_can_be_read_of_them() -> None:
    good, bad = advice("a-1", LINE), advice("a-2", "1*x*0*EA**SK*MUG")
    text = x12(good, bad, good).replace("SE*10*0003", "SE*99*0003")
    desk = FakeOffice(data=text.encode())
    hear(desk)
    hear(desk)
    (body,) = desk.replies.values()
    assert body == [
        ("AK1", "SW", "31"),
        ("AK2", "945", "0001"), ("AK5", "A"),
        ("AK2", "945", "0002"), ("AK3", "W12", "8", "", "8"), ("AK4", "3", "", "7"),
        ("AK5", "R", "5"),
        ("AK2", "945", "0003"), ("AK5", "E", "4"),
        ("AK9", "P", "3", "3", "2"),
    ]  # fmt: skip
    assert run_of(desk).odd and "SE-01" in run_of(desk).odd[0]


def test_acknowledgments_are_not_acknowledged() -> None:
    text = x12(("997", ["AK1*OW*7", "AK2*940*7", "AK5*A", "AK9*A*1*1*1"]))
    desk = FakeOffice(data=text.encode())
    hear(desk)
    assert (desk.replies, len(desk.done)) == ({}, 1)


SAMPLES = (
    advice("a-1", "3*3*0*EA**SK*MUG", "2*1*1*CA**UP*012345678905"),
    ("846", ["BIA*00*SR*R*20261120*1010", "N1*WH**92*R1", "LIN*1*SK*MUG", "QTY*17*3*EA"]),
    ("856", ["BSN*00*A*20261120", "HL*1**S", "N1*ST*R*92*R1", "HL*2*1*O", "PRF*P", "HL*3*2*I",
             "LIN*1*SK*MUG", "SN1*1*2*EA"]),
    ("997", ["AK1*OW*7", "AK2*940*7", "AK5*R*5", "AK9*R*1*1*0"]),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_mutated_bodies_are_taken_or_refused_by_segment_and_nothing_fails(
    data: st.DataObject,
) -> None:
    """One segment is damaged anyhow; its neighbors and whatever it becomes are told of."""
    text = x12(*(data.draw(st.sampled_from(SAMPLES)) for _ in range(2)))
    lines = text.split("\n")
    at = data.draw(st.integers(0, len(lines) - 2))
    cut = data.draw(st.integers(0, len(lines[at])))
    more = data.draw(st.one_of(st.text(max_size=5), st.sampled_from(["*", "~", ">", "*0", "*-1"])))
    lines[at] = lines[at][:cut] + more + lines[at][cut + data.draw(st.integers(0, 6)) :]
    body = "\n".join(lines).encode("utf-8", "surrogatepass")
    desk = FakeOffice(data=body, known=partner(theirs=None))
    assert hear(desk) is None
    run = run_of(desk)
    assert desk.errors == []
    if not run.problem:
        assert run.handled == run.entries == len(words(desk))
        assert all("segment " in reason or "used for" in reason for reason in run.refused.values())
        assert all(read_again(desk).values())


def read_again(desk: FakeOffice) -> dict[str, bool]:
    """Whether each acknowledgment can be written and read."""
    from dom.x12.write import Envelope, Party, write

    made = {}
    for name, body in desk.replies.items():
        who = Party("ZZ", "A"), Party("ZZ", "B")
        text = write(Envelope(*who, "FA", "997", 7, NOW), body)
        (found,) = read(text)
        made[name] = found.groups[0].sets[0].problem is None
    return made
