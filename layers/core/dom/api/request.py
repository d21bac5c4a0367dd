"""A proxy event of API Gateway (payload 1.0) as a request: path, query, headers and body."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import unquote

from pydantic import BaseModel, ValidationError

from dom.api.identity import Identity
from dom.api.problem import UnsupportedMediaType
from dom.errors import InvalidInput

Model = TypeVar("Model", bound=BaseModel)
MOST_ERRORS = 20
# curl -d and urllib say the second of a body when nobody said anything: not worth a refusal.
_JSON = re.compile(r"application/((.+\+)?json|x-www-form-urlencoded)\s*(;.*)?", re.IGNORECASE)


class InvalidBody(InvalidInput):
    """A body that breaks its model; `errors` name every field, the first one leads."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(errors[0]["field"], errors[0]["reason"])
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Request:
    """A routed, authorized request. `path` and `query` values are decoded; header names lower-case.

    `text` is the body.
    """

    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    text: str
    identity: Identity

    def body(self, model: type[Model]) -> Model:
        """The body as the model; InvalidBody names the fields, UnsupportedMediaType if not JSON."""
        self.check_json()
        return parse(model, self.text)

    def optional_body(self, model: type[Model]) -> Model:
        """The body as the model, an empty one as the model's defaults."""
        return self.body(model) if self.text.strip() else model()

    def raw(self) -> bytes:
        """The JSON body as bytes; errors as for `body`."""
        self.check_json()
        try:
            return self.text.encode()
        except UnicodeError:
            raise InvalidInput("body", "it is not UTF-8") from None

    def idempotency_key(self) -> str:
        """The caller's key, "" if none; InvalidInput unless it is 1 to 255 visible characters."""
        key = self.headers.get("idempotency-key", "")
        if key and not re.fullmatch(r"[!-~]{1,255}", key):
            raise InvalidInput("Idempotency-Key", "it must be 1 to 255 visible ASCII characters")
        return key

    def check_json(self) -> None:
        """UnsupportedMediaType if the body says that it is something else."""
        kind = self.headers.get("content-type", "")
        if kind and not _JSON.fullmatch(kind.strip()):
            raise UnsupportedMediaType("the body must be application/json")

    def needed(self, name: str) -> str:
        """A query parameter that must be given; InvalidInput names it."""
        value = self.query.get(name, "")
        if not value:
            raise InvalidInput(name, "this query parameter is needed")
        return value


def parse(model: type[Model], text: str) -> Model:
    """The JSON text as the model; InvalidBody otherwise."""
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise invalid_body(error) from None
    except UnicodeEncodeError:
        raise InvalidInput("body", "it is not UTF-8") from None


def invalid_body(error: ValidationError) -> InvalidBody:
    """What a model refuses, field by field."""
    return InvalidBody([_error(one) for one in error.errors()[:MOST_ERRORS]])


def _error(one: Mapping[str, Any]) -> dict[str, str]:
    field = ".".join(str(part) for part in one["loc"]) or "body"
    return {"field": field, "reason": str(one["msg"]).removeprefix("Value error, ")}


def path_parts(event: Mapping[str, Any]) -> list[str]:
    """The segments of the request's path, percent-decoded exactly once.

    A REST API passes path and path parameters on as the client encoded them; an HTTP API's payload
    1.0, which alone has `version`, and the embedded AWS have decoded them already.
    """
    path = _path(event)
    try:
        path.encode()
        if "version" in event:
            return path.split("/")[1:]
        return [unquote(part, errors="strict") for part in path.rstrip("/").split("/")[1:]]
    except UnicodeError:
        raise InvalidInput("path", "it is not UTF-8") from None


def _path(event: Mapping[str, Any]) -> str:
    """The path below the stage, without a custom domain's base path, which `path` includes."""
    resource, values = str(event.get("resource") or ""), event.get("pathParameters") or {}
    names = re.findall(r"\{(\w+)\+?\}", resource)
    if not names or any(not isinstance(values.get(name), str) for name in names):
        return str(event.get("path") or "/")
    return re.sub(r"\{(\w+)\+?\}", lambda found: str(values[found[1]]), resource)


def body_text(event: Mapping[str, Any]) -> str:
    """The body as text; InvalidInput when it is not UTF-8."""
    body = str(event.get("body") or "")
    if not event.get("isBase64Encoded"):
        return body
    try:
        return base64.b64decode(body, validate=True).decode()
    except ValueError:
        raise InvalidInput("body", "it is not UTF-8") from None


def query_values(event: Mapping[str, Any]) -> dict[str, str]:
    """Query parameters (of a repeated one the last); InvalidInput when one is not UTF-8."""
    values = {str(k): str(v) for k, v in (event.get("queryStringParameters") or {}).items()}
    for name, value in values.items():
        try:
            value.encode()
        except UnicodeError:
            raise InvalidInput(name, "it is not UTF-8") from None
    return values


def lower_headers(event: Mapping[str, Any]) -> dict[str, str]:
    """Headers by lower-case name."""
    headers = event.get("headers") or {}
    return {str(name).lower(): str(value) for name, value in headers.items()}
