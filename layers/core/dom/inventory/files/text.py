"""A file's bytes as lines, none of them longer than memory wants."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from dom.errors import InvalidInput

# Characters. No record of stock is longer; what is has lost its line ends or a quote.
MOST_IN_LINE = 65_536
_GZIP = b"\x1f\x8b"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its end, by number from 1; None: it is too long to be one."""

    number: int
    text: str | None


def lines_of(stream: BinaryIO, encoding: str) -> Iterator[Line]:
    """The lines of a stream, unpacked if it is packed; ends are LF, CRLF or CR.

    What is not of the encoding stands in its line as lone surrogates: only that record is lost.
    InvalidInput: the file is cut off, or of another encoding altogether.
    """
    try:
        plain = _unpacked(stream)
        _check(plain, encoding)
        yield from _lines(io.TextIOWrapper(plain, encoding, "surrogateescape", ""))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InvalidInput("file", f"its compressed data is cut off or damaged: {error}") from error
    except UnicodeError as error:
        raise InvalidInput("file", f"it is not {encoding}: {error}") from error


def _lines(text: io.TextIOWrapper) -> Iterator[Line]:
    number = 1
    while found := text.readline(MOST_IN_LINE + 1):
        if number == 1:
            found = found.removeprefix("\ufeff")
        whole = _ends(found) or len(found) <= MOST_IN_LINE
        yield Line(number, found if whole else None)
        while not _ends(found) and found:
            found = text.readline(MOST_IN_LINE + 1)
        number += 1


def _ends(text: str) -> bool:
    return text.endswith(("\n", "\r"))


def _unpacked(stream: BinaryIO) -> BinaryIO:
    head = _peek(stream)
    return cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if head.startswith(_GZIP) else stream


def _check(stream: BinaryIO, encoding: str) -> None:
    """InvalidInput: the file's first bytes say that it is of another encoding."""
    wide = encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32"))
    if _peek(stream).startswith(_UTF_16) and not wide:
        raise InvalidInput("file", f"it is UTF-16, not {encoding}: the source's encoding is wrong")


def _peek(stream: BinaryIO) -> bytes:
    return cast(io.BufferedReader, stream).peek(4)[:4]
