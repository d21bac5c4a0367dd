"""What people say of files of partners that were refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dom.errors import Busy, IllegalTransition
from dom.model.partner_file import FileRun, PartnerFile
from dom.partners.ports import Runs

ATTEMPTS = 6


def retry(partner: str, run_id: str, runs: Runs, send: Callable[[PartnerFile], object]) -> FileRun:
    """Read a refused file again, by what is said of its partner now: what was taken stays.

    IllegalTransition: nothing of it is refused.
    """
    run = _refused(partner, run_id, runs, "read again")
    send(run.file())
    return run


def dismiss(partner: str, run_id: str, actor: str, runs: Runs) -> FileRun:
    """What is refused of a file was settled otherwise; again: the same.

    IllegalTransition: nothing of it is refused. Busy: it keeps changing.
    """
    for _ in range(ATTEMPTS):
        run = runs.load(partner, run_id)
        if run.dismissed_by:
            return run
        run = replace(_refused(partner, run_id, runs, "dismissed"), dismissed_by=actor)
        if runs.save(run):
            return replace(run, version=run.version + 1)
    raise Busy(f"the file {run_id} keeps changing")


def _refused(partner: str, run_id: str, runs: Runs, wanted: str) -> FileRun:
    run = runs.load(partner, run_id)
    if run.status != "refused":
        raise IllegalTransition("file", run_id, run.status, wanted)
    return run
