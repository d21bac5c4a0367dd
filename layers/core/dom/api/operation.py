"""An operation of the API as data: what routes a request and what docs/openapi.json is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Query:
    """A query parameter."""

    name: str
    description: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """Method, path and scope; body and answer are the types their schemas are generated from.

    `media`: what the body may be written in.

    `{name}` in `path` is one segment, decoded once. `{name+}`, of which there may be one, may hold
    slashes: gateways that decode a path before they pass it on have made `%2F` one.
    """

    id: str
    method: str
    path: str
    scope: str
    summary: str
    answer: type
    body: type[BaseModel] | None = None
    body_required: bool = True
    media: tuple[str, ...] = ("application/json",)
    query: tuple[Query, ...] = ()
    headers: tuple[Query, ...] = ()
    success: int = 200
    problems: tuple[int, ...] = ()

    def match(self, method: str, parts: Sequence[str]) -> Mapping[str, str] | None:
        """The path parameters if this operation answers the method and path, else None."""
        names = self.path.split("/")[1:]
        if method != self.method:
            return None
        greedy = next((n for n, name in enumerate(names) if name.endswith("+}")), None)
        if greedy is not None and len(parts) > len(names):
            end = len(parts) - (len(names) - greedy - 1)
            parts = [*parts[:greedy], "/".join(parts[greedy:end]), *parts[end:]]
        return _bind(names, parts) if len(parts) == len(names) else None


def _bind(names: Sequence[str], parts: Sequence[str]) -> Mapping[str, str] | None:
    found: dict[str, str] = {}
    for name, part in zip(names, parts, strict=True):
        if name.startswith("{") and part:
            found[name.strip("{+}")] = part
        elif name != part:
            return None
    return found
