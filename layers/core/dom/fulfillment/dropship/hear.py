"""A supplier's file of answers: each is carried out by itself, and said what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import unquote

from dom.errors import Busy, InvalidInput, NotFound, Rejected
from dom.fulfillment.actions import perform
from dom.fulfillment.dropship.answer_rows import Answer, answers_of
from dom.fulfillment.ports import Floor
from dom.model import names


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A file `answers/<location>/<name>` as it was when S3 told of it, from row `begin` on."""

    key: str
    etag: str
    begin: int = 0

    @property
    def location_id(self) -> str:
        """Whose answers they are. InvalidInput: it lies where none belongs."""
        parts = self.key.split("/")
        if len(parts) < 3:
            raise InvalidInput("key", f"{self.key} is not below a location's folder")
        return names.location_id(unquote(parts[1]))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an answer: `taken`, or `refused` for a reason."""

    row: int
    number: str
    action: str
    reason: str = ""

    @property
    def word(self) -> str:
        """Which of both."""
        return "refused" if self.reason else "taken"


class Answers(Protocol):
    """Files of answers, and reports on them."""

    def read(self, file: AnswerFile) -> str | None:
        """Its text; None if it is gone, or another one by now. InvalidInput: it is no text, or too
        much of it. Busy: not now.
        """

    def report(self, file: AnswerFile, outcomes: Sequence[Outcome]) -> None:
        """Keep what became of the answers of this attempt. Busy: not now."""


def hear(
    file: AnswerFile, answers: Answers, floor: Floor, in_time: Callable[[], bool]
) -> tuple[list[Outcome], AnswerFile | None]:
    """Carry out the file's answers while there is time: what became of them, and what is left.

    Repeating it is harmless: each answer is a request with a name of its own. NotFound: no supplier
    of that name. Busy: the first could not be carried out now; one behind others is left for later.
    """
    if floor.places.supplier(file.location_id) is None:
        raise NotFound("supplier", file.location_id)
    outcomes, left = _carried_out(file, answers, floor, in_time)
    if outcomes:
        answers.report(file, outcomes)
    return outcomes, left


def _carried_out(
    file: AnswerFile, answers: Answers, floor: Floor, in_time: Callable[[], bool]
) -> tuple[list[Outcome], AnswerFile | None]:
    try:
        told = answers_of(answers.read(file) or "purchase_order,answer")
    except InvalidInput as wrong:
        return [Outcome(1, "", "", str(wrong))], None
    outcomes: list[Outcome] = []
    for answer in told:
        if answer.row < file.begin:
            continue
        if outcomes and not in_time():
            return outcomes, replace(file, begin=answer.row)
        try:
            outcomes.append(_outcome(answer, file, floor))
        except Busy:
            if not outcomes:
                raise
            return outcomes, replace(file, begin=answer.row)
    return outcomes, None


def _outcome(answer: Answer, file: AnswerFile, floor: Floor) -> Outcome:
    place = file.location_id
    request = replace(answer.request, request_id=f"{answer.action}:{file.etag}:{answer.row}")
    reason = answer.problem
    if not reason:
        try:
            number = names.fulfillment_order_id(answer.number)
            perform(answer.action, number, request, f"supplier {place}", frozenset({place}), floor)
        except Rejected as refused:
            reason = str(refused)
        except Busy as busy:
            raise Busy(f"row {answer.row} of {file.key}: {busy}") from busy
    return Outcome(answer.row, answer.number, answer.action, reason)
