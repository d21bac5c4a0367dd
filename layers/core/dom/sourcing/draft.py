"""A plan in the making: units by location and line, and what each location has left for it."""

from __future__ import annotations

from dom.sourcing.pieces import lines_by_sku
from dom.sourcing.scene import Load, Scene


class Draft:
    """Contents that stay feasible: nothing is put where it may not be or is not there."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.contents: dict[int, dict[int, int]] = {}
        self.missing = {n: line.quantity for n, line in enumerate(scene.lines)}
        by_sku = lines_by_sku(scene)
        self._sharing = [by_sku[line.sku] for line in scene.lines]

    @property
    def opened(self) -> int:
        """The set of locations in use."""
        return sum(1 << place for place in self.contents)

    def room(self, number: int, place: int) -> int:
        """Units of the line that the location can still add."""
        held = self.contents.get(place, {})
        used = sum(held.get(n, 0) for n in self._sharing[number])
        free = max(0, self.scene.units_at(number, place) - used)
        return min(free, self.scene.effort_room(number, place, held)) if free else 0

    def put(self, number: int, place: int, units: int) -> None:
        """Add units of a line to a location's parcel."""
        parcel = self.contents.setdefault(place, {})
        parcel[number] = parcel.get(number, 0) + units
        self.missing[number] -= units

    def remove(self, place: int) -> dict[int, int]:
        """Take a whole parcel out of the plan; its contents."""
        parcel = self.contents.pop(place)
        for number, units in parcel.items():
            self.missing[number] += units
        return parcel

    def fill(self, place: int, numbers: list[int]) -> int:
        """Put all of those lines that the location can send whole; how many that were."""
        filled = 0
        for number in numbers:
            units = self.missing[number]
            if units and self.room(number, place) >= units:
                self.put(number, place, units)
                filled += 1
        return filled

    def load(self, numbers: list[int]) -> Load:
        """What is missing of those lines, as one parcel."""
        return self.scene.load((n, self.missing[n]) for n in numbers)
