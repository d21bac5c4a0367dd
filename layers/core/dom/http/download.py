"""An answer of any size, into a file."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import BinaryIO

from dom.errors import Rejected
from dom.http.client import NoRedirects, no_answer, refusal, require_https

SECONDS = 60.0
MOST_BYTES = 2_000_000_000
_CHUNK = 1 << 20


def download(url: str, headers: Mapping[str, str], into: BinaryIO) -> Mapping[str, str]:
    """Write the answer's bytes into the file; its headers by lower-case name.

    Busy: no answer, or one cut off, 408, 425, 429 or 5xx. Refused: any other status from 300 on.
    Rejected: an address that is not https, or more than two gigabytes.
    """
    host = require_https(url)
    request = urllib.request.Request(url, None, dict(headers))  # noqa: S310 (checked above)
    opener = urllib.request.build_opener(NoRedirects)
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            _copy(answer, into)
            return {name.lower(): value for name, value in answer.headers.items()}
    except urllib.error.HTTPError as error:
        raise refusal(error, host) from None
    except (OSError, http.client.HTTPException) as error:
        raise no_answer(host, error) from None


def _copy(answer: http.client.HTTPResponse, into: BinaryIO) -> None:
    taken = 0
    while chunk := answer.read(_CHUNK):
        taken += len(chunk)
        if taken > MOST_BYTES:
            raise Rejected("the answer has more than two gigabytes")
        into.write(chunk)
    if answer.length:  # what Content-Length still promises
        raise http.client.IncompleteRead(b"", answer.length)
