"""The book of rule sets in memory. It passes the same contract as the one on DynamoDB."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from dom.errors import CommitRefused, Conflict
from dom.model.location import Location
from dom.model.versions import InForce, Ref, Version, VersionNote
from dom.rulesets.ports import Desk
from support.builders import BOSTON, NOW, RENO, location
from support.fakes import frozen


@dataclass
class FakeBook:
    """Versions by reference, and what is in force."""

    written: dict[Ref, Version] = field(default_factory=dict)
    now: InForce = field(default_factory=InForce)

    def latest(self, set_id: str) -> int:
        return max((ref.number for ref in self.written if ref.id == set_id), default=0)

    def load(self, ref: Ref) -> Version | None:
        return self.written.get(ref)

    def versions(self, set_id: str) -> list[VersionNote]:
        found = [one for ref, one in self.written.items() if ref.id == set_id]
        notes = [VersionNote(one.ref.number, one.created_at, one.created_by) for one in found]
        return sorted(notes, key=lambda note: -note.number)

    def add(self, version: Version) -> None:
        if version.ref in self.written:
            raise CommitRefused((Conflict("rule_set", version.ref.label, None),))
        self.written[version.ref] = version

    def in_force(self) -> InForce:
        return self.now

    def save(self, in_force: InForce) -> None:
        if in_force.version != self.now.version:
            raise CommitRefused((Conflict("rules_in_force", in_force.active.label, None),))
        self.now = replace(in_force, version=in_force.version + 1)


@dataclass
class FakeLocations:
    """A network that stands still."""

    locations: tuple[Location, ...] = (location("RENO", RENO), location("BOSTON", BOSTON))

    def all(self) -> list[Location]:
        return list(self.locations)


def desk(book: FakeBook | None = None) -> Desk:
    """The stage's ports in memory."""
    return Desk(book or FakeBook(), FakeLocations(), frozen(NOW))
