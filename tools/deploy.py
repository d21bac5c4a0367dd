"""`sam deploy` of the built, unmodified template to the embedded AWS."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, cast

from tools.build import Target, environment
from tools.concessions import grant_concessions
from tools.emulator import REGION
from tools.shell import run
from tools.stack import Stack
from tools.template import read_template

ARTIFACTS = "dom-artifacts"


def deploy(stack: Stack, target: Target, home: Path) -> None:
    """Create or update the stack; SystemExit with the end of sam's output."""
    stack.client("s3").create_bucket(Bucket=ARTIFACTS)
    run(_command(stack, target), _environment(stack, target, home), home / "deploy.log")
    _customize_gateway_responses(stack, target)
    grant_concessions(stack)


def _command(stack: Stack, target: Target) -> list[str]:
    return [
        str(Path(sys.executable).parent / "sam"),
        "deploy",
        *("--template-file", str(target.template)),
        *("--stack-name", stack.name),
        *("--region", REGION),
        *("--s3-bucket", ARTIFACTS),
        *("--capabilities", "CAPABILITY_IAM"),
        "--no-confirm-changeset",
        "--no-fail-on-empty-changeset",
        "--no-progressbar",
        *("--parameter-overrides", "EmbeddedAws=true"),
        f"PythonRuntime={target.runtime}",
        f"Architecture={target.architecture}",
    ]


def _environment(stack: Stack, target: Target, home: Path) -> dict[str, str]:
    """The caller's environment with the embedded AWS in place of any real account."""
    ours = {
        name: value
        for name, value in environment(target).items()
        if not name.startswith("AWS_") or name == "AWS_CA_BUNDLE"
    }
    return {
        **ours,
        "AWS_ENDPOINT_URL": cast(str, stack.endpoint),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        # Nobody limits how often we ask here.
        "SAM_CLI_POLL_DELAY": "0.1",
    }


def _customize_gateway_responses(stack: Stack, target: Target) -> None:
    """Set what AWS takes from the API's OpenAPI body and the embedded AWS passes over there."""
    gateway, api = stack.client("apigateway"), stack.resource("Api")
    for kind, response in _gateway_responses(target).items():
        headers = response["ResponseParameters"]["Headers"]
        status = {"statusCode": str(response["StatusCode"])} if "StatusCode" in response else {}
        gateway.put_gateway_response(
            restApiId=api,
            responseType=kind,
            responseParameters={f"gatewayresponse.header.{n}": v for n, v in headers.items()},
            responseTemplates=response["ResponseTemplates"],
            **status,
        )
    gateway.create_deployment(restApiId=api, stageName="v1")


def _gateway_responses(target: Target) -> dict[str, Any]:
    template = read_template(target.template)
    return cast(dict[str, Any], template["Resources"]["Api"]["Properties"]["GatewayResponses"])
