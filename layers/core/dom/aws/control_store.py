"""Controls in the Network table, and those in force, kept in a function for seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from dom.aws import keys
from dom.aws.named_items import NamedItems
from dom.model.control import Control

# So long after a change what is sold may still go by the controls before it.
TTL_SECONDS = 15.0


class ControlStore(NamedItems[Control]):
    """`dom.model.described.Described` of controls, on DynamoDB."""

    kind = Control
    partition = keys.CONTROLS


@dataclass(slots=True)
class ActiveControls:
    """`dom.promise.ports.Controls`: every control, at most `TTL_SECONDS` behind. Keep it.

    While the table does not answer, the last ones stay; if none are known yet, that is raised:
    selling what is kept back is worse than not selling.
    """

    store: ControlStore
    monotonic: Callable[[], float] = time.monotonic
    _known: tuple[Control, ...] | None = field(default=None)
    _read_at: float = float("-inf")

    def __call__(self) -> Sequence[Control]:
        """All of them; `Control.is_for` says which concern a sale."""
        if self._known is None or self.monotonic() - self._read_at >= TTL_SECONDS:
            try:
                self._known = tuple(self.store.all())
            except (BotoCoreError, ClientError):
                if self._known is None:
                    raise
            self._read_at = self.monotonic()
        return self._known
