"""The snippet of docs/webhooks.md verifies what we send: it knows nothing of our code."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from dom.http.signed import SigningKey, signed

PAGE = Path(__file__).parents[3] / "docs" / "webhooks.md"
OLD, NEW = "whsec_b2xkLXNlY3JldA==", "whsec_bmV3LXNlY3JldA=="


def verified() -> Callable[..., bool]:
    (snippet,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    known: dict[str, Callable[..., bool]] = {}
    exec(snippet, known)  # noqa: S102 (it is our own page)
    return known["verified"]


def test_whoever_has_either_secret_can_verify_while_they_overlap() -> None:
    body, headers = signed({"a": "é"}, "ord_a/ORDER#1", [SigningKey(NEW), SigningKey(OLD)])
    assert verified()(headers, body, NEW)
    assert verified()(headers, body, OLD)


def test_others_bodies_names_and_times_are_refused() -> None:
    body, headers = signed({"a": 1}, "ord_a/ORDER#1", [SigningKey(NEW)])
    assert not verified()(headers, body, OLD)
    assert not verified()(headers, body + b" ", NEW)
    assert not verified()({**headers, "webhook-id": "another"}, body, NEW)
    later = int(time.time()) + 1000
    assert not verified()({**headers, "webhook-timestamp": str(later)}, body, NEW)
    body, old = signed({"a": 1}, "x", [SigningKey(NEW)], int(time.time()) - 1000)
    assert not verified()(old, body, NEW)


def test_the_reference_vector_of_the_standard_is_verified() -> None:
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    check = verified()
    check.__globals__["time"] = type("Then", (), {"time": staticmethod(lambda: 1614265331.0)})
    assert check(headers, b'{"test": 2432232314}', "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
