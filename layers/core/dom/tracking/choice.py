"""What the customer of a pickup can choose, where its store could not hand it over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dom.model.choice import Way, choosing, group_of, waiting_units
from dom.model.location import Location
from dom.model.order import Order, ShipGroup
from dom.model.promised import zone_for
from dom.tracking.shipment import lines_of
from dom.words.language import Language

# The other stores that could hand a ship group over now.
OtherStores = Callable[[Order, str], Sequence[Location]]


@dataclass(frozen=True, slots=True)
class Question:
    """A ship group's units, until when an answer counts, and the answers: value and words."""

    ship_group_id: str
    lines: tuple[str, ...]
    until: str
    answers: tuple[tuple[str, str], ...]


def questions(order: Order, stores: OtherStores, language: Language) -> Iterator[Question]:
    """One for each ship group that waits."""
    for name in choosing(order):
        last = order.choices[name].until.astimezone(zone_for(order, name)).date()
        yield Question(
            name,
            lines_of(order, waiting_units(order, name)),
            language.show("choose_until", day=language.near(last)),
            tuple(_answers(group_of(order, name), stores(order, name), language)),
        )


def _answers(
    group: ShipGroup | None, stores: Sequence[Location], language: Language
) -> Iterator[tuple[str, str]]:
    for one in stores:
        yield f"store:{one.location_id}", language.show("choose_store", place=one.postal)
    if group and group.destination:
        yield Way.SHIP.value, language.page["choose_ship"]
    yield Way.CANCEL.value, language.page["choose_cancel"]
