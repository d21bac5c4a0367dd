"""What requests about rule sets ask for, and YAML for those who accept it."""

from __future__ import annotations

import re

from dom.api.app import Text
from dom.api.request import Request
from dom.api.ruleset_document import read_rule_set, render_yaml
from dom.errors import Forbidden, InvalidInput
from dom.model.clock import to_text
from dom.model.rules import RuleSet
from dom.model.versions import Version

YAML = "application/yaml"
_ID = re.compile(r"[a-z][a-z0-9-]{0,59}")
_TAG = re.compile(r'(W/)?"?(?P<number>[0-9]{1,9})"?')
_ACCEPTS_YAML = re.compile(r"(application|text)/(x-)?yaml", re.IGNORECASE)


def rule_set_id(request: Request) -> str:
    """The id in the path; InvalidInput unless it is lower case, digits and hyphens."""
    text = request.path["id"]
    if not _ID.fullmatch(text):
        raise InvalidInput("id", "it must be a letter, then up to 59 letters, digits or hyphens")
    return text


def wanted_version(request: Request) -> int | None:
    """The version asked for by a query, None for the newest; InvalidInput if it is no number."""
    text = request.query.get("version", "")
    if text and not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
        raise InvalidInput("version", "it must be the number of a version")
    return int(text) if text else None


def newest_seen(request: Request) -> int | None:
    """What If-Match says is the newest version, None if it is not given; InvalidInput else."""
    text = request.headers.get("if-match", "")
    found = _TAG.fullmatch(text.strip())
    if text and not found:
        raise InvalidInput("If-Match", "it must be the number of a version")
    return int(found["number"]) if found else None


def draft(request: Request) -> RuleSet:
    """The rules in the body, YAML or JSON, not yet a version; errors as `read_rule_set`."""
    try:
        raw = request.text.encode()
    except UnicodeError:
        raise InvalidInput("body", "it is not UTF-8") from None
    return read_rule_set(raw, request.headers.get("content-type", ""), "draft")


def require_everywhere(request: Request) -> None:
    """Forbidden for a token of some locations: rules are everybody's."""
    if request.identity.location_ids is not None:
        raise Forbidden("rules are for every location, and this token is not")


def as_yaml(request: Request, version: Version) -> Text | None:
    """The document as YAML, if that is what the caller accepts."""
    if not _ACCEPTS_YAML.match(request.headers.get("accept", "").strip()):
        return None
    written = f"# {version.ref.label}, by {version.created_by}, {to_text(version.created_at)}\n"
    full = request.query.get("full", "").lower() == "true"
    return Text(written + render_yaml(version.rules, full=full), YAML)
