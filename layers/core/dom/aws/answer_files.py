"""Files of suppliers' answers in S3, and the reports on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dom.aws.codec import from_plain, to_plain
from dom.aws.dropped_files import read_dropped, store_table
from dom.aws.feed_drops import drops_of
from dom.errors import InvalidInput
from dom.fulfillment.dropship.hear import AnswerFile, Outcome

ANSWERS, REPORTS = "answers/", "answered/"


def answer_files_of(message: Mapping[str, Any]) -> list[AnswerFile]:
    """The files that a message of S3 tells of, or the one of which some is left.

    KeyError or ValueError: it is neither.
    """
    if "answers" in message:
        return [from_plain(AnswerFile, message["answers"])]
    return [AnswerFile(dropped.key, dropped.etag) for dropped in drops_of(message)]


def left_of(file: AnswerFile) -> dict[str, Any]:
    """The message that goes on with what is left of a file."""
    return {"answers": to_plain(file)}


@dataclass(frozen=True, slots=True)
class AnswerFiles:
    """`dom.fulfillment.dropship.hear.Answers` in a bucket, which forgets them."""

    s3: Any
    bucket: str

    def read(self, file: AnswerFile) -> str | None:
        """See the port."""
        body = read_dropped(self.s3, self.bucket, file.key, file.etag)
        if body is None:
            return None
        try:
            return str(body, "utf-8")
        except UnicodeDecodeError:
            raise InvalidInput("file", "it is not UTF-8") from None

    def report(self, file: AnswerFile, outcomes: Sequence[Outcome]) -> None:
        """See the port: `answered/<location>/<name>.<first row>.csv`."""
        key = f"{REPORTS}{file.key.removeprefix(ANSWERS)}.{outcomes[0].row}.csv"
        header = ("row", "purchase_order", "answer", "outcome", "reason")
        rows = ((one.row, one.number, one.action, one.word, one.reason) for one in outcomes)
        store_table(self.s3, self.bucket, key, header, rows)
