"""A live demand that has a plan now, which may change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from dom.sourcing.scene import Contents, Scene


@dataclass(frozen=True)
class Case:
    """A demand in its world and the plan it has now.

    `homeless`: where it is now it cannot stay.
    """

    scene: Scene
    present: Contents
    homeless: bool = False

    @cached_property
    def allowed_for(self) -> list[int]:
        """By line: locations that may send it. Where it is now it may stay."""
        allowed = list(self.scene.allowed_for)
        for place, parcel in self.present.items() if not self.homeless else ():
            for n in parcel:
                allowed[n] |= 1 << place
        return allowed

    def barred(self, line: int) -> int:
        """Locations that may not send the line."""
        return self.scene.network.everywhere & ~self.allowed_for[line]
