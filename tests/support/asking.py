"""How end-to-end tests ask: answers that must be good, problems that must be, waits with an end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from tools.client import Answer

Json = dict[str, Any]
Found = TypeVar("Found")
PATIENCE = 90.0  # seconds; the whole way takes about 5 on an idle machine, more beside others


def good(answer: Answer) -> Answer:
    """The answer, if it is a success."""
    assert answer.status < 300, (answer.status, answer.body[:500])
    return answer


def assert_problem(answer: Answer, status: int) -> None:
    """An RFC 9457 problem document, with no stack trace in it."""
    assert answer.status == status, (answer.status, answer.body[:500])
    assert answer.headers["content-type"].split(";")[0] == "application/problem+json"
    problem = answer.json
    assert problem["status"] == status
    assert {"type", "title"} <= problem.keys(), problem
    assert "Traceback" not in answer.body.decode()


def until(look: Callable[[], Found], holds: Callable[[Found], bool]) -> Found:
    """Look again and again until it holds; AssertionError with the last sight after PATIENCE."""
    deadline, wait = time.monotonic() + PATIENCE, 0.2
    while not holds(seen := look()):
        assert time.monotonic() < deadline, f"not in {PATIENCE:.0f} s; last seen: {seen}"
        time.sleep(wait)
        wait = min(1.0, wait * 1.3)
    return seen


def together(calls: Iterable[Callable[[], Found]], threads: int = 16) -> list[Found]:
    """All calls at once, on that many threads; results in order."""
    with ThreadPoolExecutor(threads) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def units_by_bucket(order: Json) -> Counter[str]:
    """Units of all lines by bucket, empty buckets left out."""
    units = Counter[str]()
    for line in order["lines"]:
        units.update({bucket: count for bucket, count in line["buckets"].items() if count})
    return units
