"""Which goods something is for, and where: as bodies of the API say it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from dom.errors import InvalidInput
from dom.model import names
from dom.model.ids import LocationId, Sku
from dom.model.location import LocationType
from dom.model.scope import Where

# What has a scope is read whole with each use: a list of thousands of SKUs belongs to several.
MOST_NAMES = 500
_ID = re.compile(r"[A-Za-z0-9._-]{1,80}")


def lower(value: object) -> object:
    """Names of kinds are read in any case."""
    return value.lower() if isinstance(value, str) else value


Name = Annotated[str, Field(min_length=1, max_length=200)]
Names = Annotated[frozenset[Name], Field(max_length=MOST_NAMES)]
Type = Annotated[LocationType, BeforeValidator(lower)]


class PlacesBody(BaseModel):
    """Which locations: all that is given must hold, nothing given means any. Unknown fields are
    refused: a scope with a typing error would be for everything.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    location_ids: Annotated[list[Name], Field(max_length=MOST_NAMES)] = []
    groups: Names = frozenset()
    location_types: frozenset[Type] = frozenset()

    def places(self) -> bool:
        """Whether it says where."""
        return bool(self.location_ids or self.groups or self.location_types)

    def where(self) -> Where:
        """The locations; InvalidInput names one that cannot be."""
        ids = frozenset(_each("location_ids", self.location_ids, names.location_id))
        return Where(ids, self.groups, self.location_types)


class ScopeBody(PlacesBody):
    """Of which goods, and where: all that is given must hold, nothing given means any."""

    skus: Annotated[list[Name], Field(max_length=MOST_NAMES)] = []
    categories: Names = frozenset()
    why: Annotated[str, Field(max_length=500)] = ""

    def goods(self) -> frozenset[Sku]:
        """The SKUs; InvalidInput names one that cannot be."""
        return skus_of("skus", self.skus)


def described_id(text: str) -> str:
    """An id that could be of something described; InvalidInput otherwise."""
    if not _ID.fullmatch(text):
        raise InvalidInput("id", "letters, digits, dots, dashes and underscores, up to 80")
    return text


Made = TypeVar("Made", Sku, LocationId)


def skus_of(field: str, texts: list[str]) -> frozenset[Sku]:
    """The SKUs of a list; InvalidInput names one that cannot be."""
    return frozenset(_each(field, texts, names.sku))


def _each(field: str, texts: list[str], make: Callable[[str], Made]) -> Iterator[Made]:
    for number, text in enumerate(texts):
        try:
            yield make(text)
        except InvalidInput as error:
            raise InvalidInput(f"{field}.{number}", error.reason) from None
