"""What the embedded AWS asks of IAM beyond AWS: granted there, and only there, after the deploy.

The template stays as AWS wants it; each role gets one more inline policy on the emulator.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tools.stack import Stack

POLICY = "embedded-aws-concessions"


def grant_concessions(stack: Stack) -> None:
    """Give every function's role what the emulator misnames of what the template gives it."""
    iam = stack.client("iam")
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        if not name.startswith(f"{stack.name}-"):
            continue
        granted = list(_statements(iam, name))
        extra = [more for statement in granted for more in _concessions(statement)]
        if extra:
            document = {"Version": "2012-10-17", "Statement": extra}
            iam.put_role_policy(
                RoleName=name, PolicyName=POLICY, PolicyDocument=json.dumps(document)
            )


def _statements(iam: Any, role: str) -> Iterator[Mapping[str, Any]]:
    """Those of the role's own policies and of the managed ones."""
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        yield from _parsed(document)["Statement"] if name != POLICY else ()
    for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        arn = policy["PolicyArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        found = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
        yield from _parsed(found["Document"])["Statement"]


def _parsed(document: Any) -> Any:
    return json.loads(document) if isinstance(document, str) else document


def _concessions(statement: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    actions = statement["Action"]
    actions = [actions] if isinstance(actions, str) else actions
    if "sqs:SendMessage" in actions:
        # On AWS sqs:SendMessage covers SendMessageBatch, and no action has the latter's name.
        # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
        yield {
            "Effect": "Allow",
            "Action": "sqs:SendMessageBatch",
            "Resource": statement["Resource"],
        }
    answers = [action for action in actions if action.startswith("states:SendTask")]
    if answers:
        # On AWS these are authorized on the state machine; the emulator knows no resource for them.
        yield {"Effect": "Allow", "Action": answers, "Resource": "*"}
    keyed = [action for action in actions if action.startswith("kms:")]
    if keyed and "Condition" in statement:
        # On AWS the encryption context is a condition key of these; the emulator knows none of KMS.
        yield {"Effect": "Allow", "Action": keyed, "Resource": statement["Resource"]}
    if "s3:ListBucket" in actions and "Condition" in statement:
        # On AWS s3:prefix is a condition key of it, which the emulator does not know.
        yield {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": statement["Resource"]}
    mails = [action for action in actions if action in ("ses:SendEmail", "ses:SendRawEmail")]
    if mails:
        # On AWS these are authorized on the sender's identity, with ses:FromAddress among their
        # condition keys; the emulator knows neither of them for the v1 API.
        yield {"Effect": "Allow", "Action": mails, "Resource": "*"}
