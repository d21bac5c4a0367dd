"""Files that partners sent, and what became of their entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import unquote

from dom.errors import InvalidInput
from dom.model.ids import timed_id

# Where partners drop files, each in its own folder, of the bucket of feeds.
PARTNERS = "partners/"
# As many refused entries are kept with the run; the reports have all of them.
MOST_KEPT, LONGEST = 200, 300


@dataclass(frozen=True, slots=True)
class PartnerFile:
    """A file `partners/<partner>/<name>` as it was when S3 told of it: what of it is to be done.

    That is its entries from number `begin` on, and those of `waiting`, which could not be carried
    out yet, however often (`tries`) it was tried.
    """

    key: str
    etag: str
    uploaded_at: datetime
    begin: int = 1
    waiting: tuple[int, ...] = ()
    tries: int = 0

    @property
    def partner(self) -> str:
        """Whose it is. InvalidInput: it lies where none belongs."""
        folder, _, name = self.key.removeprefix(PARTNERS).partition("/")
        if not self.key.startswith(PARTNERS) or not folder or not name:
            raise InvalidInput("key", f"files of partners belong at {PARTNERS}<partner>/<name>")
        return unquote(folder)

    @property
    def run_id(self) -> str:
        """A function of the upload: the same file that comes later is another run."""
        return timed_id(self.uploaded_at, self.partner, self.key, self.etag)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an entry: refused for a `reason`, `repeated` (nothing was left to do), or
    taken.
    """

    number: int
    name: str
    reason: str = ""
    repeated: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """Which of them."""
        return "refused" if self.reason else "repeated" if self.repeated else "taken"


@dataclass(frozen=True, slots=True)
class FileRun:
    """A file's standing: `handled` of its `entries`, what was `refused` (by number: name and why),
    what is `odd` of it; `problem`: why it cannot be read at all.
    """

    partner: str
    run_id: str
    key: str
    etag: str
    uploaded_at: datetime
    entries: int = 0
    handled: int = 0
    waiting: int = 0
    refused: Mapping[str, str] = field(default_factory=dict)
    more_refused: int = 0
    odd: tuple[str, ...] = ()
    problem: str = ""
    dismissed_by: str = ""
    version: int = field(default=0, compare=False)

    @property
    def status(self) -> str:
        """`reading`, `done`, `refused` (as a whole, or some of it), or `dismissed`."""
        if self.dismissed_by:
            return "dismissed"
        if self.problem:
            return "refused"
        if self.handled < self.entries or self.waiting or not self.version:
            return "reading"
        return "refused" if self.refused or self.more_refused else "done"

    def with_outcomes(self, outcomes: Iterable[Outcome]) -> FileRun:
        """The run after these: an entry that is taken at last is refused no longer."""
        refused, more, odd = dict(self.refused), self.more_refused, dict.fromkeys(self.odd)
        for one in outcomes:
            known = refused.pop(str(one.number), None)
            if one.reason and (known or len(refused) < MOST_KEPT):
                refused[str(one.number)] = f"{one.name}: {one.reason}"[:LONGEST]
            elif one.reason:
                more += 1
            odd |= dict.fromkeys(f"{one.name}: {warning}"[:LONGEST] for warning in one.warnings)
        return replace(self, refused=refused, more_refused=more, odd=tuple(odd)[:50])

    def file(self) -> PartnerFile:
        """The file, to be done again from its beginning."""
        return PartnerFile(self.key, self.etag, self.uploaded_at)
