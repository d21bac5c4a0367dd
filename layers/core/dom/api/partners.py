"""Partners in the API: who exchanges files with us, and what became of theirs."""

from __future__ import annotations

import re
from dataclasses import asdict
from urllib.parse import quote

from typing_extensions import TypedDict

from dom.api.operation import Operation, Query
from dom.api.paging import cursor_of
from dom.api.partner_body import PartnerBody
from dom.errors import InvalidInput, NotFound
from dom.model.clock import to_text
from dom.model.ids import TIMED_ID
from dom.model.partner import Mailbox, Partner
from dom.model.partner_file import PARTNERS, FileRun

_NAME = re.compile(r"[A-Za-z0-9._-]{1,80}")


class MailboxView(TypedDict):
    """Who is meant in X12."""

    qualifier: str
    id: str
    group_id: str


class PartnerView(TypedDict):
    """A partner as stored; see the body of its PUT. `drop_at`: where its files belong."""

    partner: str
    format: str
    location_id: str
    locations: dict[str, str]
    skus: dict[str, str]
    qualifiers: list[str]
    case_packs: dict[str, int]
    zone: str
    short_reason: str
    reject_reasons: dict[str, str]
    snapshots: str
    changes: str
    supplier: str
    columns: dict[str, str]
    delimiter: str
    encoding: str
    ours: MailboxView | None
    theirs: MailboxView | None
    test: bool
    active: bool
    version: int
    drop_at: str


class PartnersView(TypedDict):
    """All of them, by name."""

    partners: list[PartnerView]


class PartnerFileView(TypedDict):
    """A file. `status`: reading, done, refused (as a whole, which `problem` says, or some entries),
    or dismissed. Of its `entries` so many are `handled`, and `waiting` ones are tried again.
    `refused`: by number of the entry, its name and why (of `more_refused` the reports below `told/`
    say it); `odd`: what is wrong with it and does no harm.
    """

    run_id: str
    partner: str
    file: str
    status: str
    uploaded_at: str
    entries: int
    handled: int
    waiting: int
    refused: dict[str, str]
    more_refused: int
    odd: list[str]
    problem: str
    dismissed_by: str


class PartnerFilesView(TypedDict):
    """Files of a partner, newest first; `next` continues."""

    files: list[PartnerFileView]
    next: str | None


_PATH, _ONE = "/partners", "/partners/{id}"
_FILES, _FILE = "/partners/{id}/files", "/partners/{id}/files/{run}"
_READ, _WRITE = "partners:read", "partners:write"

PUT_PARTNER = Operation(
    "putPartner",
    "PUT",
    _ONE,
    _WRITE,
    "How files of a partner are read, and written for it.",
    PartnerView,
    body=PartnerBody,
)
GET_PARTNER = Operation(
    "getPartner", "GET", _ONE, _READ, "How its files are read.", PartnerView, problems=(404,)
)
LIST_PARTNERS = Operation(
    "listPartners", "GET", _PATH, _READ, "Every partner that exchanges files with us.", PartnersView
)
REMOVE_PARTNER = Operation(
    "removePartner",
    "DELETE",
    _ONE,
    _WRITE,
    "Take no more files of a partner, and send it none.",
    PartnerView,
    problems=(404,),
)
LIST_FILES = Operation(
    "listPartnerFiles",
    "GET",
    _FILES,
    _READ,
    "What became of the files of a partner, newest first.",
    PartnerFilesView,
    query=(Query("next", "From the page before."),),
)
GET_FILE = Operation(
    "getPartnerFile",
    "GET",
    _FILE,
    _READ,
    "What became of a file, and why entries were refused.",
    PartnerFileView,
    problems=(404,),
)
RETRY_FILE = Operation(
    "retryPartnerFile",
    "POST",
    f"{_FILE}/retry",
    _WRITE,
    "Read a refused file again; entries that were taken stay taken, once.",
    PartnerFileView,
    success=202,
    problems=(404, 409),
)
DISMISS_FILE = Operation(
    "dismissPartnerFile",
    "POST",
    f"{_FILE}/dismiss",
    _WRITE,
    "What is refused of a file was settled otherwise.",
    PartnerFileView,
    problems=(404, 409),
)
OPERATIONS = (
    PUT_PARTNER,
    GET_PARTNER,
    LIST_PARTNERS,
    REMOVE_PARTNER,
    LIST_FILES,
    GET_FILE,
    RETRY_FILE,
    DISMISS_FILE,
)


def partner_name(text: str) -> str:
    """A name that a partner can have; InvalidInput otherwise."""
    if not _NAME.fullmatch(text):
        raise InvalidInput("id", "letters, digits, dots, dashes and underscores, up to 80")
    return text


def run_id(text: str) -> str:
    """An id that could be a file's; NotFound otherwise."""
    if not TIMED_ID.fullmatch(text):
        raise NotFound("file", text[:80])
    return text


def cursor(text: str | None) -> str:
    """Where the next page goes on; InvalidInput: it is none of ours."""
    return cursor_of(text, TIMED_ID)


def render_partner(one: Partner) -> PartnerView:
    """The partner as the API shows it."""
    return {
        "partner": one.id,
        "format": one.format.value,
        "location_id": one.location_id or "",
        "locations": {told: str(ours) for told, ours in one.locations.items()},
        "skus": {told: str(ours) for told, ours in one.skus.items()},
        "qualifiers": list(one.qualifiers),
        "case_packs": {str(sku): units for sku, units in one.case_packs.items()},
        "zone": one.zone,
        "short_reason": one.short_reason.value,
        "reject_reasons": {told: ours.value for told, ours in one.reject_reasons.items()},
        "snapshots": one.snapshots,
        "changes": one.changes,
        "supplier": one.supplier,
        "columns": dict(one.columns),
        "delimiter": one.delimiter,
        "encoding": one.encoding,
        "ours": _mailbox(one.ours),
        "theirs": _mailbox(one.theirs),
        "test": one.test,
        "active": one.active,
        "version": one.version,
        "drop_at": f"{PARTNERS}{quote(one.id, safe='')}/",
    }


def _mailbox(box: Mailbox | None) -> MailboxView | None:
    return asdict(box) if box else None  # type: ignore[return-value]


def render_file(run: FileRun) -> PartnerFileView:
    """The file as the API shows it."""
    return {
        "run_id": run.run_id,
        "partner": run.partner,
        "file": run.key,
        "status": run.status,
        "uploaded_at": to_text(run.uploaded_at),
        "entries": run.entries,
        "handled": run.handled,
        "waiting": run.waiting,
        "refused": dict(run.refused),
        "more_refused": run.more_refused,
        "odd": list(run.odd),
        "problem": run.problem,
        "dismissed_by": run.dismissed_by,
    }
