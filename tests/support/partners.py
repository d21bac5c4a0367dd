"""Partners' files in memory, and small X12 of the shapes that warehouses send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from dom.errors import Busy, NotFound
from dom.model.ids import LocationId, Sku
from dom.model.partner import Mailbox, Partner, PartnerFormat
from dom.model.partner_file import FileRun, Outcome, PartnerFile
from dom.partners.commands import Command, Entry
from dom.partners.ports import Body, Office
from support.builders import NOW

GROUPS = {"945": "SW", "846": "IB", "856": "SH", "997": "FA", "940": "OW"}


def partner(**changes: Any) -> Partner:
    """A warehouse that calls RENO `R1` and BOSTON `B1`, and whose cases of mugs hold 12."""
    made = Partner(
        "wms",
        PartnerFormat.X12,
        locations={"R1": LocationId("RENO"), "B1": LocationId("BOSTON")},
        skus={"012345678905": Sku("MUG")},
        case_packs={Sku("MUG"): 12},
        snapshots="wms-stock",
        changes="wms-changes",
        ours=Mailbox("ZZ", "SHOP"),
        theirs=Mailbox("ZZ", "WMSCORP"),
    )
    return replace(made, **changes)


def x12(*sets: tuple[str, Sequence[str]], control: int = 31, **changes: str) -> str:
    """An interchange with a group of these sets (kind, segments), by their numbers from 1."""
    kind = sets[0][0] if sets else "945"
    said = [
        f"ISA*00*          *00*          *ZZ*WMSCORP        *ZZ*SHOP           *261120*1010"
        f"*U*00401*{control:09d}*0*{changes.get('usage', 'P')}*>",
        f"GS*{GROUPS[kind]}*WMSCORP*SHOP*20261120*1010*{control}*X*004010",
    ]
    for number, (name, segments) in enumerate(sets, start=1):
        said += [f"ST*{name}*{number:04d}", *segments]
        said.append(f"SE*{len(segments) + 2}*{number:04d}")
    said += [f"GE*{len(sets)}*{control}", f"IEA*1*{control:09d}"]
    return "".join(f"{one}~\n" for one in said)


def advice(number: str, *lines: str, **more: str) -> tuple[str, Sequence[str]]:
    """A 945 of R1: `lines` are W12 from the quantity ordered on, each in a loop of its own."""
    loops = [x for n, one in enumerate(lines, 1) for x in (f"LX*{n}", f"W12*CC*{one}")]
    head = [f"W06*F*{number}*20261120*BOL1**PO1", "N1*SF*Reno*92*R1", "G62*10*20261120"]
    carrier = [f"W27*M*{more.get('carrier', 'UPSN')}", f"N9*2I*{more.get('tracking', '1Z9')}"]
    return "945", [*head, *carrier, *loops, "W03*5*10*LB"]


@dataclass
class FakeOffice:
    """Every port of `dom.partners`; `busy`: names of entries that cannot be carried out now."""

    known: Partner = field(default_factory=partner)
    data: bytes | None = b""
    runs: dict[tuple[str, str], FileRun] = field(default_factory=dict)
    claims: dict[tuple[str, str], str] = field(default_factory=dict)
    done: list[tuple[str, Command]] = field(default_factory=list)
    reports: list[list[Outcome]] = field(default_factory=list)
    replies: dict[str, Body] = field(default_factory=dict)
    errors: list[Exception] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    wrong: dict[int, Exception | str] = field(default_factory=dict)

    def office(self) -> Office:
        return Office(self, self, self, self, self, self, self.errors.append, self.count)

    def find(self, name: str) -> Partner | None:
        return self.known if name == self.known.id else None

    def read(self, file: PartnerFile) -> bytes | None:
        return self.data

    def report(self, file: PartnerFile, outcomes: Sequence[Outcome]) -> None:
        self.reports.append(list(outcomes))

    def receive(self, run: FileRun) -> FileRun:
        return self.runs.setdefault((run.partner, run.run_id), run)

    def load(self, partner: str, run_id: str) -> FileRun:
        if (partner, run_id) not in self.runs:
            raise NotFound("file", run_id)
        return self.runs[partner, run_id]

    def save(self, run: FileRun) -> bool:
        self.runs[run.partner, run.run_id] = replace(run, version=run.version + 1)
        return True

    def content(self, partner: str, claim: str) -> str:
        return self.claims.get((partner, claim), "")

    def note(self, partner: str, claim: str, content: str) -> None:
        self.claims[partner, claim] = content

    def carry_out(self, command: Command, partner: Partner, entry: Entry, at: datetime) -> str:
        wrong = self.wrong.get(entry.number, "")
        if isinstance(wrong, Exception):
            raise wrong
        self.done.append((entry.name, command))
        return wrong

    def acknowledge(self, partner: Partner, name: str, body: Body) -> None:
        self.replies[name] = body

    def count(self, name: str, units: int) -> None:
        self.counts[name] = self.counts.get(name, 0) + units


def dropped(name: str = "monday.edi", etag: str = "e1") -> PartnerFile:
    """A file of the warehouse."""
    return PartnerFile(f"partners/wms/{name}", etag, NOW)


NOT_NOW = Busy("not now")
