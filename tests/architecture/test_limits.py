"""What AWS takes of a template and its parts at most, which no emulator refuses."""

from __future__ import annotations

import json
from copy import deepcopy
from itertools import accumulate
from typing import Any

import pytest
from samtranslator.translator.transform import transform
from support.code import template

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
MOST_RESOURCES, MOST_BYTES = 500, 1_000_000
# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
MOST_PATHS = 300
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: all inline policies.
MOST_OF_A_ROLE = 10_240
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: all variables.
MOST_ENVIRONMENT = 4_096

Json = dict[str, Any]


class NoPolicies:
    """SAM asks AWS for its managed policies; the template names none."""

    def load(self) -> dict[str, str]:
        return {}


@pytest.fixture(scope="module")
def deployed() -> Json:
    """The template as CloudFormation gets it, with its code uploaded."""
    source = deepcopy(template())
    for resource in source["Resources"].values():
        found = resource.get("Properties", {})
        places = {"CodeUri", "ContentUri", "DefinitionUri"} & found.keys()
        found.update(dict.fromkeys(places, "s3://a-bucket/a-key-as-long-as-a-hash-of-its-content"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        made: Json = transform(source, {}, NoPolicies())  # type: ignore[no-untyped-call]
    return made


def of_type(deployed: Json, kind: str) -> dict[str, Json]:
    found = deployed["Resources"].items()
    return {name: one["Properties"] for name, one in found if one["Type"] == kind}


def test_the_template_is_small_enough(deployed: Json) -> None:
    assert len(deployed["Resources"]) <= MOST_RESOURCES
    assert len(json.dumps(deployed)) <= MOST_BYTES


def test_the_api_has_few_enough_paths(deployed: Json) -> None:
    (api,) = of_type(deployed, "AWS::ApiGateway::RestApi").values()
    known = {part for path in api["Body"]["paths"] for part in _ways(path)}
    assert 50 < len(known) <= MOST_PATHS


def test_the_policies_of_a_role_fit_into_it(deployed: Json) -> None:
    roles = of_type(deployed, "AWS::IAM::Role")
    sizes = {name: _size(role.get("Policies", [])) for name, role in roles.items()}
    assert len(sizes) > 40
    assert {name: size for name, size in sizes.items() if size > MOST_OF_A_ROLE} == {}


def test_the_environment_of_a_function_fits_into_it(deployed: Json) -> None:
    functions = of_type(deployed, "AWS::Lambda::Function")
    sizes = {name: _size(one["Environment"]["Variables"]) for name, one in functions.items()}
    assert {name: size for name, size in sizes.items() if size > MOST_ENVIRONMENT} == {}


def _ways(path: str) -> list[str]:
    """The path and all that it is below."""
    return list(accumulate(path.strip("/").split("/"), lambda way, part: f"{way}/{part}"))


def _size(value: object) -> int:
    """Characters without white space. What is only known later (an ARN) counts as it is written."""
    return len(json.dumps(value, separators=(",", ":")))
