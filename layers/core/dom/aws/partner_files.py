"""Files of partners in S3: what they sent, what became of it, and what we send them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from dom.aws.codec import from_plain, to_plain
from dom.aws.dropped_files import read_dropped, store, store_table
from dom.aws.feed_drops import drops_of
from dom.aws.partner_names import PartnerNames
from dom.aws.partner_store import PartnerStore
from dom.errors import NotFound, Rejected
from dom.model.partner import Mailbox, Partner
from dom.model.partner_file import Outcome, PartnerFile
from dom.partners.ports import Body
from dom.x12.write import Envelope, Party, write

REPORTS, OUT = "told/", "out/"
# Which group a set travels in.
_GROUPS = {"940": "OW", "997": "FA"}


def partner_files_of(message: Mapping[str, Any]) -> list[PartnerFile]:
    """The files that a message of S3 tells of, or the one of which some is left.

    KeyError or ValueError: it is neither.
    """
    if "partner_file" in message:
        return [from_plain(PartnerFile, message["partner_file"])]
    return [PartnerFile(one.key, one.etag, one.uploaded_at) for one in drops_of(message)]


def left_of(file: PartnerFile) -> dict[str, Any]:
    """The message that goes on with what is left of a file."""
    return {"partner_file": to_plain(file)}


@dataclass(frozen=True, slots=True)
class PartnerFiles:
    """`dom.partners.ports.Files` in a bucket, which forgets them."""

    s3: Any
    bucket: str

    def read(self, file: PartnerFile) -> bytes | None:
        """See the port."""
        return read_dropped(self.s3, self.bucket, file.key, file.etag)

    def report(self, file: PartnerFile, outcomes: Sequence[Outcome]) -> None:
        """See the port: `told/<partner>/<run id>.<first entry>.<try>.csv`."""
        name = f"{file.run_id}.{outcomes[0].number}.{file.tries}.csv"
        key = f"{REPORTS}{quote(file.partner, safe='')}/{name}"
        header = ("entry", "name", "outcome", "reason", "warnings")
        rows = ((x.number, x.name, x.word, x.reason, "; ".join(x.warnings)) for x in outcomes)
        store_table(self.s3, self.bucket, key, header, rows)


@dataclass(frozen=True, slots=True)
class PartnerPost:
    """What is sent to partners: interchanges of one set, as files below `out/<partner>/`."""

    s3: Any
    bucket: str
    partners: PartnerStore
    names: PartnerNames

    def exchange(self, partner_id: str, kind: str, message_id: str, body: Body) -> str:
        """Send a set under a control number of its own; the file's key. A repeat is the same file.

        Rejected: nobody says who is who in interchanges with the partner. Busy: not now.
        """
        return self.send(self.partner(partner_id), kind, message_id, body)

    def partner(self, partner_id: str) -> Partner:
        """NotFound: nobody described it."""
        found = self.partners.find(partner_id)
        if found is None:
            raise NotFound("partner", partner_id)
        return found

    def acknowledge(self, partner: Partner, name: str, body: Body) -> None:
        """See `dom.partners.ports.Replies`; nothing where nobody says who is who."""
        if partner.ours and partner.theirs:
            self.send(partner, "997", f"997-{name}", body)

    def send(self, partner: Partner, kind: str, message_id: str, body: Body) -> str:
        """See `exchange`."""
        if partner.ours is None or partner.theirs is None:
            raise Rejected(f"nobody says who is who in interchanges with {partner.id}")
        number, at = self.names.number(partner.id, message_id)
        ours, theirs = _party(partner.ours), _party(partner.theirs)
        group = _GROUPS[kind]
        text = write(Envelope(ours, theirs, group, kind, number, at, partner.test), body)
        key = f"{OUT}{quote(partner.id, safe='')}/{kind}-{number:09d}.edi"
        store(self.s3, self.bucket, key, text.encode(), "application/edi-x12")
        return key


def _party(box: Mailbox) -> Party:
    return Party(box.qualifier, box.id, box.group_id)
