"""template.yaml against the code it deploys and against the rules of the house."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import Any

import pytest
from dom.settings import Settings
from support.code import DOM, FUNCTIONS, ROOT, modules, resources, template

FUNCTION = "AWS::Serverless::Function"
QUEUE = "AWS::SQS::Queue"
# Actions that AWS offers no ARN for.
WITHOUT_ARN = re.compile(
    r"xray:.*|sns:Publish|logs:(.*LogDelivery|ListLogDeliveries|.*ResourcePolic.*|Describe.*)"
)
SET_BY_US = {"LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"}


def statements() -> list[tuple[str, dict[str, Any]]]:
    """Every statement of every policy of a role or managed policy, with the resource's name."""
    found = []
    for name, role in resources("AWS::IAM::Role").items():
        for policy in role.get("Policies", []):
            found += [(name, one) for one in policy["PolicyDocument"]["Statement"]]
    separate = resources("AWS::IAM::ManagedPolicy") | resources("AWS::IAM::Policy")
    for name, policy in separate.items():
        found += [(name, one) for one in policy["PolicyDocument"]["Statement"]]
    return found


def as_list(value: Any) -> list[Any]:
    """IAM and CloudFormation write one thing without a list."""
    return value if isinstance(value, list) else [value]


def test_every_function_on_disk_is_deployed_and_every_deployed_one_is_on_disk() -> None:
    deployed = {one["CodeUri"].removeprefix("functions/") for one in resources(FUNCTION).values()}
    assert deployed == {path.parent.name for path in FUNCTIONS.glob("*/app.py")}


def test_a_function_is_one_file() -> None:
    extra = [
        str(path.relative_to(ROOT))
        for path in FUNCTIONS.rglob("*")
        if path.is_file() and path.name != "app.py" and "__pycache__" not in path.parts
    ]
    assert extra == []


@pytest.mark.parametrize("name", sorted(resources(FUNCTION)))
def test_a_function_has_a_role_and_logs_of_its_own_and_knows_its_name(name: str) -> None:
    function, stem = resources(FUNCTION)[name], name.removesuffix("Function")
    folder = function["CodeUri"].removeprefix("functions/")
    assert function["Role"] == {"Fn::GetAtt": [f"{stem}Role", "Arn"]}
    assert function["LoggingConfig"]["LogGroup"] == {"Ref": f"{stem}Logs"}
    assert function["FunctionName"] == {"Fn::Sub": f"${{AWS::StackName}}-{folder}"}
    assert function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] == folder
    log_group = resources("AWS::Logs::LogGroup")[f"{stem}Logs"]
    assert log_group["LogGroupName"] == {"Fn::Sub": f"/aws/lambda/${{AWS::StackName}}-{folder}"}


def test_every_log_group_forgets() -> None:
    kept = [
        n for n, one in resources("AWS::Logs::LogGroup").items() if "RetentionInDays" not in one
    ]
    assert kept == []


def test_every_environment_variable_is_a_setting() -> None:
    known = {field.name.upper() for field in fields(Settings)} | SET_BY_US
    for name, function in resources(FUNCTION).items():
        assert set(function["Environment"]["Variables"]) <= known, name


def test_durations_default_to_what_the_settings_say() -> None:
    for name in ("accept_sla", "ship_sla", "release_delay", "backorder_retry"):
        parameter = "".join(part.title() for part in f"{name}_seconds".split("_"))
        default = template()["Parameters"][parameter]["Default"]
        assert default == getattr(Settings(), f"{name}_seconds"), parameter


def test_policies_name_what_they_allow() -> None:
    wide = [
        f"{name}: {action}"
        for name, statement in statements()
        if "*" in as_list(statement["Resource"])
        for action in as_list(statement["Action"])
        if not WITHOUT_ARN.fullmatch(action)
    ]
    assert wide == []
    assert not [
        action for _, one in statements() for action in as_list(one["Action"]) if "*" in action
    ]


def allows(name: str, action: str, table: str) -> bool:
    """Whether a statement of the role's own allows it on that table."""
    return any(
        action in as_list(one["Action"])
        and {"Fn::GetAtt": [table, "Arn"]} in as_list(one["Resource"])
        for role, one in statements()
        if role == name
    )


def test_whoever_writes_orders_and_counts_them_may_take_their_places_in_line_away() -> None:
    checked = []
    for name, role in resources("AWS::IAM::Role").items():
        if all(allows(name, "dynamodb:UpdateItem", f"{x}Table") for x in ("Orders", "Inventory")):
            checked.append(name)
            stands = {"Ref": "StandsInLine"} in role["ManagedPolicyArns"]
            assert stands or allows(name, "dynamodb:DeleteItem", "InventoryTable"), name
    assert "OrderRoutingRole" in checked and "OrderIngestRole" in checked


def test_a_role_reads_and_writes_only_tables_that_its_function_knows() -> None:
    for name, statement in statements():
        function = resources(FUNCTION).get(name.replace("Role", "Function"))
        text = json.dumps(statement["Resource"])
        tables = set(re.findall(r"(\w+Table)(?:\.Arn|\", \"Arn)", text))
        if function:
            assert tables <= tables_known_to(function), name


def tables_known_to(function: dict[str, Any]) -> set[str]:
    """Tables that a function is told of, by its environment or by the stream that feeds it."""
    text = json.dumps([function["Environment"]["Variables"], function.get("Events", {})])
    return set(re.findall(r"\w+Table\b", text))


def test_every_queue_has_a_dead_letter_queue() -> None:
    queues = resources(QUEUE)
    for name, queue in queues.items():
        if name.endswith("Queue"):
            target = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
            assert target in queues
        assert queue["SqsManagedSseEnabled"] is True


def events(kind: str) -> list[tuple[str, dict[str, Any]]]:
    """Event sources of a kind, with the function they feed."""
    return [
        (name, event["Properties"])
        for name, function in resources(FUNCTION).items()
        for event in function.get("Events", {}).values()
        if event["Type"] == kind
    ]


def test_a_message_stays_hidden_for_six_times_as_long_as_its_function_may_take() -> None:
    fed = events("SQS")
    assert len(fed) == 12
    for function, source in fed:
        queue = resources(QUEUE)[source["Queue"]["Fn::GetAtt"][0]]
        window = source.get("MaximumBatchingWindowInSeconds", 0)
        least = 6 * resources(FUNCTION)[function]["Timeout"] + window
        assert queue["VisibilityTimeout"] >= least, function


@pytest.mark.parametrize(("function", "source"), events("SQS") + events("DynamoDB"))
def test_consumers_report_which_of_a_batch_failed(function: str, source: dict[str, Any]) -> None:
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize(("function", "source"), events("DynamoDB"))
def test_a_stream_goes_on_past_what_cannot_be_handled(
    function: str, source: dict[str, Any]
) -> None:
    assert source["BisectBatchOnFunctionError"] is True
    assert source["MaximumRetryAttempts"] > 0
    assert source["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0].endswith("Dlq")
    for one in source["FilterCriteria"]["Filters"]:
        assert json.loads(one["Pattern"])


@pytest.mark.parametrize("name", sorted(resources("AWS::DynamoDB::Table")))
def test_tables_can_be_recovered_and_are_never_dropped_with_the_stack(name: str) -> None:
    table, resource = resources("AWS::DynamoDB::Table")[name], template()["Resources"][name]
    assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
    assert resource["UpdateReplacePolicy"] == "Retain"
    recovery = dict(table["PointInTimeRecoverySpecification"])
    # Keys of personal data are the one thing that must not be kept for long.
    days = recovery.pop("RecoveryPeriodInDays", None)
    assert days == ({"Ref": "KeyRecoveryDays"} if name == "KeysTable" else None)
    assert recovery == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["DeletionProtectionEnabled"] == {"Fn::If": ["IsProduction", True, False]}


def test_only_what_is_signed_comes_without_a_token() -> None:
    open_routes = {
        source["Path"]
        for _, source in events("Api")
        if source.get("Auth", {}).get("Authorizer") == "NONE"
    }
    assert open_routes == {"/webhooks/{channel}/{account}", "/track/{token}"}


def test_sibling_path_variables_have_one_name() -> None:
    # API Gateway refuses an import in which they differ; the embedded AWS does not.
    names: dict[str, set[str]] = {}
    for _, source in events("Api"):
        parts = source["Path"].split("/")
        for depth, part in enumerate(parts):
            if part.startswith("{"):
                names.setdefault("/".join(parts[:depth]), set()).add(part)
    assert {parent: found for parent, found in names.items() if len(found) > 1} == {}


def emitted_names() -> set[str]:
    """Every text in the code that looks like a metric's name, and the starts of composed ones."""
    text = "".join(
        path.read_text(encoding="utf-8")
        for root in (DOM, FUNCTIONS)
        for path in sorted(root.rglob("*.py"))
    )
    return set(re.findall(r"\b[A-Z][A-Za-z]+\b", text))


def test_alarms_and_dashboard_show_only_metrics_that_the_code_emits() -> None:
    body = template()["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    shown = set(re.findall(r'\["dom", "(\w+)"', body)) | {
        alarm["MetricName"]
        for alarm in resources("AWS::CloudWatch::Alarm").values()
        if alarm.get("Namespace") == "dom"
    }
    composed = {name for name in shown if name.startswith("Notifications")}
    statuses = {name.removeprefix("Notifications").upper() for name in composed}
    known = {
        target.id
        for name, tree in modules()
        if name == "dom.notify.ports"
        for target in _assigned(tree)
    }
    assert statuses <= known
    assert shown - composed <= emitted_names()


def _assigned(tree: Any) -> list[Any]:
    import ast

    return [
        target
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]


def test_the_dashboard_is_json() -> None:
    body = template()["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    assert json.loads(body)["widgets"]
