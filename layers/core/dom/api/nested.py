"""Documents within documents: what is wrong with the inner one is told by the outer one's path."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from dom.api.request import InvalidBody, invalid_body
from dom.errors import InvalidInput


@contextmanager
def below(path: str) -> Iterator[None]:
    """Errors of what is read inside are errors of the fields below `path`."""
    try:
        yield
    except ValidationError as error:
        raise _under(path, invalid_body(error).errors) from None
    except InvalidBody as error:
        raise _under(path, error.errors) from None
    except InvalidInput as error:
        raise _under(path, [{"field": error.field, "reason": error.reason}]) from None


def _under(path: str, errors: list[dict[str, str]]) -> InvalidBody:
    return InvalidBody([{**one, "field": _join(path, one["field"])} for one in errors])


def _join(path: str, field: str) -> str:
    """A whole document that is wrong calls itself its body."""
    return path if field == "body" else f"{path}.{field}"
