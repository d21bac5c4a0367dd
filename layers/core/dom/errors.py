"""The two error roots: `Rejected` (retrying cannot help) and `Retryable` (it can).

State machines match on these class names; `dom.api` maps them to HTTP in one table.
"""

from __future__ import annotations

from collections.abc import Mapping


class DomError(Exception):
    """Root of everything this project raises on purpose."""


class Rejected(DomError):
    """The request or message is wrong or no longer applies; retrying gives the same answer."""


class Retryable(DomError):
    """A transient condition; the same request may succeed later."""


class InvalidInput(Rejected):
    """Input that cannot be understood.

    `field` is the dotted path of the first offending field, such as `line_items.0.price`.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class NotFound(Rejected):
    """The thing named in the request does not exist, or the caller may not know that it does."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"{kind} {key} does not exist")
        self.kind = kind
        self.key = key


class IllegalTransition(Rejected):
    """The state machine has no such edge; nothing was changed."""

    def __init__(self, kind: str, key: str, found: str, wanted: str) -> None:
        super().__init__(f"{kind} {key} is {found}: it cannot become {wanted}")
        self.found = found
        self.wanted = wanted


class Outdated(Rejected):
    """The caller saw an older version: somebody else was there first; nothing was changed."""

    def __init__(self, kind: str, key: str, seen: int, version: int) -> None:
        super().__init__(f"{kind} {key} has version {version} by now, not {seen}")
        self.version = version


class OutOfStock(Rejected):
    """Units that are asked for are not there; `short` says how many of which SKU are missing."""

    def __init__(self, short: tuple[tuple[str, int], ...]) -> None:
        missing = ", ".join(f"{units} of {sku}" for sku, units in short)
        super().__init__(f"not in stock: {missing}")
        self.short = short


class NotReplayable(Rejected):
    """The inputs of a decision are not there (any more), so it cannot be asked again."""


class LintFailed(Rejected):
    """The linter found errors; `findings` are all it found: severity, code, path, message."""

    def __init__(self, version: str, findings: tuple[Mapping[str, str], ...]) -> None:
        super().__init__(f"rule set {version} has errors: nothing was activated")
        self.findings = findings


class IdempotencyMismatch(Rejected):
    """The idempotency key was used before with another payload."""


class Unauthenticated(Rejected):
    """Signature or token missing or wrong."""


class Forbidden(Rejected):
    """Authenticated, but without the scope or location that this needs."""


class CommitRefused(Retryable):
    """A transaction changed nothing because conditions failed: one `Conflict` for each.

    The caller reads the truth out of the conflicts, decides anew and tries again.
    """

    def __init__(self, conflicts: tuple[Conflict, ...]) -> None:
        super().__init__("; ".join(str(conflict) for conflict in conflicts))
        self.conflicts = conflicts


class Conflict:
    """One failed condition: what it guarded (`kind`), on which key, and the stored attributes.

    `found` is the item as stored (plain types), None if it does not exist.
    """

    __slots__ = ("found", "key", "kind")

    def __init__(self, kind: str, key: str, found: Mapping[str, object] | None) -> None:
        self.kind = kind
        self.key = key
        self.found = found

    def __str__(self) -> str:
        return f"{self.kind} {self.key} changed"

    def __repr__(self) -> str:
        return f"Conflict({self.kind!r}, {self.key!r}, {self.found!r})"


class Busy(Retryable):
    """Throttled, or in conflict with another transaction, for longer than we wait."""


class FulfillmentOrderRejected(Rejected):
    """The location refused the work; its order is routed again (name matched by Step Functions)."""


class FulfillmentOrderExpired(Rejected):
    """The location did not act in time; its order is routed again (name matched likewise)."""


class FulfillmentOrderCancelled(Rejected):
    """The work was taken back, by a cancellation or a re-plan (name matched likewise)."""


class ReturnCancelled(Rejected):
    """The return was cancelled, or never came in time (name matched likewise)."""


class ReturnClosed(Rejected):
    """The return is closed already: nothing is left to settle (name matched likewise)."""
