"""What files of partners need from outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dom.model.partner import Partner
from dom.model.partner_file import FileRun, Outcome, PartnerFile
from dom.partners.commands import Command, Entry

Body = Sequence[tuple[str, ...]]


class Partners(Protocol):
    """Who exchanges files with us."""

    def find(self, name: str) -> Partner | None:
        """The partner, read consistently, or None."""


class Files(Protocol):
    """Files as they came, and reports on them."""

    def read(self, file: PartnerFile) -> bytes | None:
        """Its bytes; None if it is gone, or another one by now. InvalidInput: it is too large.
        Busy: not now.
        """

    def report(self, file: PartnerFile, outcomes: Sequence[Outcome]) -> None:
        """Keep what became of the entries of this attempt. Busy: not now."""


class Runs(Protocol):
    """What became of files."""

    def receive(self, run: FileRun) -> FileRun:
        """Note a file that came; the run that is noted already, if it is."""

    def load(self, partner: str, run_id: str) -> FileRun:
        """The run; NotFound."""

    def save(self, run: FileRun) -> bool:
        """Store it, one version on; False if somebody else did."""


class Claims(Protocol):
    """Entries that were carried out, by names that they have for good."""

    def content(self, partner: str, claim: str) -> str:
        """The digest of what was carried out under that name; "" if nothing was."""

    def note(self, partner: str, claim: str, content: str) -> None:
        """It was carried out. Busy: not now."""


class Desk(Protocol):
    """Who carries out what partners say."""

    def carry_out(self, command: Command, partner: Partner, entry: Entry, at: datetime) -> str:
        """Do what a file said that came `at` that time, to the same effect however often it is
        asked; why some of it was not done, or "".

        Rejected: it cannot be done. Busy: not now.
        """


class Replies(Protocol):
    """What we send partners in return."""

    def acknowledge(self, partner: Partner, name: str, body: Body) -> None:
        """Send the acknowledgment (997) of a group once, under a name made of it. Busy: not now."""


@dataclass(frozen=True, slots=True)
class Office:
    """Ports. `failed` hears of errors that nobody foresaw; `count` adds to a metric."""

    partners: Partners
    files: Files
    runs: Runs
    claims: Claims
    desk: Desk
    replies: Replies
    failed: Callable[[Exception], object]
    count: Callable[[str, int], object]
