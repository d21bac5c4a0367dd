"""What the customer of a pickup was asked, when its store could not hand it over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dom.model.ids import LocationId


@dataclass(frozen=True, slots=True)
class Asked:
    """`until`: without an answer its units are cancelled then. `location_id`: the store that could
    not. `remind_at` None: the customer has been reminded.
    """

    until: datetime
    location_id: LocationId
    remind_at: datetime | None = None

    @property
    def next_at(self) -> datetime:
        """When somebody must do something next."""
        return self.remind_at or self.until
