"""A live demand that has a plan now, which may change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from dom.sourcing import bits
from dom.sourcing.joint.fare import PriceClass
from dom.sourcing.scene import Contents, Scene


@dataclass(frozen=True)
class Case:
    """A demand in its world and the plan it has now.

    `days`: by line, started days after which it would break a promise (None: there is none).
    `homeless`: where it is now it cannot stay.
    """

    scene: Scene
    present: Contents
    days: tuple[int | None, ...] = ()
    homeless: bool = False

    @cached_property
    def allowed_for(self) -> list[int]:
        """By line: locations that may send it. Where it is now it may stay."""
        allowed = list(self.scene.allowed_for)
        for place, parcel in self.present.items() if not self.homeless else ():
            for n in parcel:
                allowed[n] |= 1 << place
        return allowed

    def barred(self, line: int, classes: Sequence[PriceClass]) -> int:
        """Locations that may not send the line, or only after it was promised."""
        days = self.days[line] if self.days else None
        late = sum(one.members for one in classes if days is not None and one.days > days)
        held = (place for place, parcel in self.present.items() if parcel.get(line))
        late &= ~bits.of(held, self.scene.network.size)
        return self.scene.network.everywhere & ~self.allowed_for[line] | late
