"""Rule sets as people write them: YAML or JSON in, the whole or what differs from the defaults out.

An empty document is the default rule set. docs/rulesets.md describes the fields.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from dom.api.request import invalid_body
from dom.api.rule_models import RuleSetDocument
from dom.api.rule_tree import read_tree, write_yaml
from dom.model.rule_codec import decode, encode
from dom.model.rules import RuleSet


def read_rule_set(raw: bytes, content_type: str, version: str) -> RuleSet:
    """The rule set of that version.

    InvalidInput names every field that cannot be understood by its path (`rules.0.change.parcel`);
    UnsupportedMediaType if it is neither JSON nor YAML.
    """
    return rule_set_of(read_tree(raw, content_type), version)


def rule_set_of(document: object, version: str) -> RuleSet:
    """The rule set of a document that is plain data already; InvalidInput as above."""
    try:
        tree = RuleSetDocument.model_validate(document).model_dump(exclude_unset=True)
    except ValidationError as error:
        raise invalid_body(error) from None
    return decode(tree, version)


def render_rule_set(rules: RuleSet, *, full: bool = True) -> dict[str, Any]:
    """The document: JSON-able, without the version; complete, or only what is not the default."""
    return encode(rules, full=full)


def render_yaml(rules: RuleSet, *, full: bool = False) -> str:
    """The document as YAML; "" if nothing differs from the defaults."""
    return write_yaml(encode(rules, full=full))
