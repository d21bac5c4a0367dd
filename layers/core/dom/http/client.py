"""One request to a vendor, by the standard library.

Whoever sends decides what may be repeated: nothing is tried again here.
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import Message
from typing import IO, Any
from urllib.parse import urlencode, urlsplit

from dom.errors import Busy, Rejected

SECONDS = 10.0
MOST_BYTES = 2_000_000
_MOST_ASKED = 3600
# A machine may talk to itself in the clear: the embedded AWS, and tests.
_HERE = frozenset({"127.0.0.1", "localhost"})


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: HTTP status, the body, and headers by lower-case name."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """The body as JSON; Busy if it is none, as of a proxy that answers for the vendor."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise Busy(f"the answer (HTTP {self.status}) is not JSON") from None

    def object(self) -> dict[str, Any]:
        """The body as a JSON object; Busy likewise."""
        answer = self.json()
        if not isinstance(answer, dict):
            raise Busy("the answer is no object")
        return answer


class _Answer(Exception):
    """An answer of status 400 and above: its status, what the body says of why, and for how long it
    `asked` not to be asked again.
    """

    def __init__(
        self, text: str, status: int, body: bytes = b"", asked: timedelta = timedelta()
    ) -> None:
        super().__init__(text)
        self.status = status
        self.body = body
        self.asked = asked

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty if it is none."""
        try:
            answer = json.loads(self.body)
        except ValueError:
            return {}
        return answer if isinstance(answer, dict) else {}


class Refused(_Answer, Rejected):
    """One that stays the same."""


class Failing(_Answer, Busy):
    """One that another attempt may change."""


class Unanswered(Busy):
    """Nobody knows whether it was carried out."""


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the credentials to wherever it points."""

    def redirect_request(
        self, req: Any, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """None: the redirect itself is the answer."""


def post_json(
    url: str, payload: object, headers: Mapping[str, str], seconds: float = SECONDS
) -> Reply:
    """As `send`, with the payload as JSON."""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    return send("POST", url, body, {"Content-Type": "application/json", **headers}, seconds)


def ask_json(
    method: str,
    url: str,
    headers: Mapping[str, str],
    query: Mapping[str, str] | None = None,
    payload: object = None,
) -> Reply:
    """As `send`, to the address with the query, and with the payload, if there is one, as JSON."""
    whole = f"{url}?{urlencode(query)}" if query else url
    if payload is None:
        return send(method, whole, None, headers)
    told = {"Content-Type": "application/json", **headers}
    return send(method, whole, json.dumps(payload).encode(), told)


def send(
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    seconds: float = SECONDS,
) -> Reply:
    """The reply of status below 400.

    Busy: no answer (it may have been carried out), 408, 425, 429 or 5xx. Refused: any other status
    from 300 on. Rejected: an address that is not https.
    """
    host = require_https(url)
    request = urllib.request.Request(url, body, dict(headers), method=method)  # noqa: S310
    opener = urllib.request.build_opener(NoRedirects)
    try:
        with opener.open(request, timeout=seconds) as answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Reply(answer.status, answer.read(MOST_BYTES), headers)
    except urllib.error.HTTPError as error:
        raise refusal(error, host) from None
    except (OSError, http.client.HTTPException) as error:
        raise no_answer(host, error) from None


def require_https(url: str) -> str:
    """The host of an address; Rejected if what goes there could be read on the way."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
        raise Rejected(f"{parts.scheme}://{parts.hostname} is not https")
    return parts.hostname or ""


def no_answer(host: str, error: Exception) -> Unanswered:
    """What it means that no answer came, or was cut off."""
    return Unanswered(f"no answer from {host}: {type(error).__name__}")


def refusal(error: urllib.error.HTTPError, host: str) -> Exception:
    """What an answer of status 300 and above means: Busy or Refused."""
    with error:
        text = f"{host} answered HTTP {error.code}"
        if error.code in (408, 425, 429) or error.code >= 500:
            return Failing(text, error.code, _body_of(error), _asked(error.headers))
        return Refused(text, error.code, _body_of(error))


def _body_of(error: urllib.error.HTTPError) -> bytes:
    """What it says; nothing if that does not come: the status says enough."""
    try:
        return error.read(MOST_BYTES)
    except (OSError, http.client.HTTPException):
        return b""


def _asked(headers: Message | None) -> timedelta:
    """`Retry-After` in seconds, an hour at most; a date, which few send, asks for nothing."""
    text = (headers.get("Retry-After") or "").strip() if headers else ""
    return timedelta(seconds=min(int(text), _MOST_ASKED)) if text.isdecimal() else timedelta()
