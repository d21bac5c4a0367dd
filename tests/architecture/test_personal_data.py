"""Who may open personal data: the functions that need it, for that purpose, and nobody else."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from typing import Any

from dom.aws.data_keys import PURPOSE
from support.code import FUNCTIONS, imports, modules, resources

FUNCTION = "AWS::Serverless::Function"
# They import a module that reads personal data for what else is in it.
NOT_READING = {"order_fetcher", "sweeper"}
# Personal data are read by methods of this name (`dom.aws.order_store`).
READS = "personal"


def readers() -> set[str]:
    """Functions that import, over however many modules, one that reads personal data."""
    ours = dict(modules())
    reading = {name for name, tree in ours.items() if any(_reads(one) for one in ast.walk(tree))}
    reading.discard("dom.aws.personal_store")
    leads = {name: imports(tree) for name, tree in ours.items()}
    found = {
        name.split(".")[1]
        for name, tree in modules(FUNCTIONS)
        if reading & _reached(imports(tree), leads)
    }
    assert found >= NOT_READING
    return found - NOT_READING


def _reads(node: ast.AST) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr == READS


def _reached(start: Iterable[str], leads: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    todo = list(start)
    while todo:
        one = todo.pop()
        name = one if one in leads else one.rpartition(".")[0]
        if name in leads and name not in seen:
            seen.add(name)
            todo += leads[name]
    return seen


def with_keys() -> dict[str, dict[str, Any]]:
    """Functions that are told of the table of keys, by their folder."""
    return {
        one["CodeUri"].removeprefix("functions/"): one
        for one in resources(FUNCTION).values()
        if "KEYS_TABLE" in one["Environment"]["Variables"]
    }


def test_whoever_reads_personal_data_has_keys_cipher_and_role_and_nobody_else() -> None:
    known = with_keys()
    assert readers() == set(known)
    for name, function in known.items():
        assert {"Ref": "CryptoLayer"} in function["Layers"], name
        assert "PERSONAL_KEY" in function["Environment"]["Variables"], name
    roles = resources("AWS::IAM::Role").items()
    given = {role for role, one in roles if _has(one, "OpensPersonalData")}
    assert given == {one["Role"]["Fn::GetAtt"][0] for one in known.values()}
    with_layer = [one for one in resources(FUNCTION).values() if "CryptoLayer" in str(one)]
    assert len(with_layer) == len(known)


def test_whoever_makes_keys_may_open_them() -> None:
    roles = resources("AWS::IAM::Role")
    making = {name for name, role in roles.items() if _has(role, "SealsPersonalData")}
    assert making < {name for name, role in roles.items() if _has(role, "OpensPersonalData")}
    assert "NotifyRole" not in making and "OrderIngestRole" in making


def _has(role: dict[str, Any], policy: str) -> bool:
    return {"Ref": policy} in role.get("ManagedPolicyArns", [])


def test_kms_is_used_for_personal_data_only_and_its_key_lives_for_ever() -> None:
    policies = resources("AWS::IAM::ManagedPolicy") | resources("AWS::IAM::Role")
    statements = [
        one
        for policy in policies.values()
        for document in [policy, *policy.get("Policies", [])]
        for one in document.get("PolicyDocument", {}).get("Statement", [])
        if "kms:" in json.dumps(one["Action"])
    ]
    assert {one["Action"] for one in statements} == {"kms:Decrypt", "kms:GenerateDataKey"}
    for one in statements:
        assert one["Resource"] == {"Fn::GetAtt": ["PersonalKey", "Arn"]}
        purpose = {"kms:EncryptionContext:purpose": PURPOSE}
        assert one["Condition"] == {"StringEquals": purpose}
    (key,) = resources("AWS::KMS::Key").values()
    assert key["EnableKeyRotation"] is True


def test_no_stream_carries_keys_away() -> None:
    assert "StreamSpecification" not in resources("AWS::DynamoDB::Table")["KeysTable"]
