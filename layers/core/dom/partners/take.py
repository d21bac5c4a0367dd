"""A partner's file: each entry is carried out by itself, once, and said what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from dom.errors import Busy, InvalidInput, NotFound, Rejected
from dom.model.partner import Partner
from dom.model.partner_file import FileRun, Outcome, PartnerFile
from dom.partners.commands import Entry
from dom.partners.ports import Office
from dom.partners.read_file import read_file

# So often an entry is tried that cannot be carried out now; each time a minute later.
MOST_TRIES = 20
ATTEMPTS = 8


def take(file: PartnerFile, office: Office, in_time: Callable[[], bool]) -> PartnerFile | None:
    """Carry out the file's entries while there is time; what is left of it.

    Repeating it is harmless. An entry that cannot be carried out waits alone. NotFound: no partner
    of that name. InvalidInput: the file lies where none belongs. Busy: not now.
    """
    partner = office.partners.find(file.partner)
    if partner is None:
        raise NotFound("partner", file.partner)
    run = office.runs.receive(
        FileRun(partner.id, file.run_id, file.key, file.etag, file.uploaded_at)
    )
    try:
        entries = _entries(file, partner, office)
    except InvalidInput as wrong:
        reason = str(wrong)
        _note(run, office, lambda stored: replace(stored, problem=reason))
        office.count("PartnerEntriesRefused", 1)
        return None
    outcomes, left = _carried_out(entries, file, partner, office, in_time)
    if outcomes:
        office.files.report(file, outcomes)
    _tell(outcomes, office)
    _note(run, office, lambda stored: _standing(stored, entries, outcomes, left))
    return left


def _entries(file: PartnerFile, partner: Partner, office: Office) -> list[Entry]:
    if not partner.active:
        raise InvalidInput("partner", f"{partner.id} is switched off")
    data = office.files.read(file)
    if data is None:
        raise InvalidInput("file", "it is gone, or another of its name came")
    entries, answers = read_file(data, partner)
    for name, body in answers if file.begin == 1 else ():
        office.replies.acknowledge(partner, name, body)
    return entries


def _carried_out(
    entries: Iterable[Entry],
    file: PartnerFile,
    partner: Partner,
    office: Office,
    in_time: Callable[[], bool],
) -> tuple[list[Outcome], PartnerFile | None]:
    outcomes: list[Outcome] = []
    waiting: list[int] = []
    new = [entry for entry in entries if entry.number >= file.begin]
    # Those that wait come last: as long as they are busy, they keep no other from its turn.
    todo = [*new, *(entry for entry in entries if entry.number in file.waiting)]
    for at, entry in enumerate(todo):
        if (outcomes or waiting) and not in_time():
            if at < len(new):
                left = tuple(sorted({*waiting, *file.waiting}))
                return outcomes, replace(file, begin=entry.number, waiting=left)
            waiting += [one.number for one in todo[at:]]
            break
        try:
            outcomes.append(_outcome(entry, file, partner, office))
        except Busy as busy:
            if file.tries < MOST_TRIES:
                waiting.append(entry.number)
            else:
                outcomes.append(Outcome(entry.number, entry.name, f"not now: {busy}"))
    if not waiting:
        return outcomes, None
    end = max(entry.number for entry in entries) + 1
    left = tuple(sorted(waiting))
    return outcomes, replace(file, begin=end, waiting=left, tries=file.tries + 1)


def _outcome(entry: Entry, file: PartnerFile, partner: Partner, office: Office) -> Outcome:
    told = Outcome(entry.number, entry.name, entry.problem, warnings=entry.warnings)
    if entry.problem:
        return told
    try:
        known = office.claims.content(partner.id, entry.claim) if entry.claim else ""
        if known and known != entry.content:
            return replace(told, reason="these control numbers were used for something else")
        if known:
            return replace(told, repeated=True)
        told_at = file.uploaded_at
        reasons = [office.desk.carry_out(x, partner, entry, told_at) for x in entry.commands]
    except Rejected as refused:
        return replace(told, reason=str(refused))
    except Busy:
        raise
    except Exception as error:  # whatever it was, its neighbors go on
        office.failed(error)
        return replace(told, reason=f"it cannot be carried out ({type(error).__name__})")
    reason = "; ".join(filter(None, reasons))
    if entry.claim and not reason:
        office.claims.note(partner.id, entry.claim, entry.content)
    return replace(told, reason=reason)


def _tell(outcomes: list[Outcome], office: Office) -> None:
    refused = sum(bool(one.reason) for one in outcomes)
    office.count("PartnerEntriesTaken", len(outcomes) - refused)
    office.count("PartnerEntriesRefused", refused)


def _standing(
    run: FileRun, entries: list[Entry], outcomes: list[Outcome], left: PartnerFile | None
) -> FileRun:
    end = len(entries) if left is None else sum(one.number < left.begin for one in entries)
    waiting = len(left.waiting) if left else 0
    told = run.with_outcomes(outcomes)
    return replace(told, entries=len(entries), handled=end, waiting=waiting, problem="")


def _note(run: FileRun, office: Office, change: Callable[[FileRun], FileRun]) -> None:
    for _ in range(ATTEMPTS):
        if office.runs.save(change(run)):
            return
        run = office.runs.load(run.partner, run.run_id)
    raise Busy(f"the run {run.run_id} keeps changing")
