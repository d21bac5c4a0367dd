"""A conditional update of one item, as a part of a transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dom.aws import keys
from dom.aws.dynamo import marshal
from dom.aws.reads import Plain


def update_of(
    table: str,
    key: keys.Key,
    values: Mapping[str, Any],
    added: Mapping[str, int],
    removed: list[str],
    expected: Mapping[str, Any],
) -> Plain:
    """An update of one item under the condition that `expected` still holds (None: absent)."""
    names = {name: f"#n{n}" for n, name in enumerate([*values, *added, *removed, *expected])}
    attributes: Plain = {f":s{n}": value for n, value in enumerate(values.values())}
    attributes |= {f":a{n}": value for n, value in enumerate(added.values())}
    wanted = {name: value for name, value in expected.items() if value is not None}
    attributes |= {f":e{n}": value for n, value in enumerate(wanted.values())}
    clauses = (
        ("SET", [f"{names[name]} = :s{n}" for n, name in enumerate(values)]),
        ("ADD", [f"{names[name]} :a{n}" for n, name in enumerate(added)]),
        ("REMOVE", [names[name] for name in removed]),
    )
    conditions = [f"{names[name]} = :e{n}" for n, name in enumerate(wanted)]
    conditions += [
        f"attribute_not_exists({names[name]})" for name in expected if name not in wanted
    ]
    update = {
        "TableName": table,
        "Key": marshal(key),
        "UpdateExpression": " ".join(f"{verb} {', '.join(them)}" for verb, them in clauses if them),
        "ConditionExpression": " AND ".join(conditions),
        "ExpressionAttributeNames": {alias: name for name, alias in names.items()},
        "ExpressionAttributeValues": marshal(attributes),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"Update": update}
