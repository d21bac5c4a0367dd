"""Who may import whom, and what an import may cost."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support.code import CORE, FUNCTIONS, imports, modules

STAGES = {
    "intake",
    "routing",
    "fulfillment",
    "inventory",
    "network",
    "notify",
    "orders",
    "partners",
    "planning",
    "promise",
    "relay",
    "returns",
    "rulesets",
    "simulation",
    "subscriptions",
    "tracking",
}
BASE = {"model", "errors"}
# Package of dom → packages of dom that it may import. Stages never import each other.
ALLOWED = {
    "model": {"errors"},
    "errors": set(),
    "settings": set(),
    "observability": set(),
    "events": {"model"},
    "sourcing": {"model"},
    # What orders say of demand to come: below the stages, as sourcing is.
    "forecast": BASE,
    # Joint plans by a solver: apart from sourcing, for its packages come with a layer of their own.
    "solver": {"sourcing"},
    "channels": BASE | {"http"},
    "carriers": BASE | {"http"},
    # A supplier ships to the same parties as a carrier's labels name.
    "suppliers": BASE | {"http", "carriers"},
    # The syntax of files that partners exchange, whatever they say.
    "x12": {"errors"},
    "http": {"errors"},
    # What customers read, by language.
    "words": set(),
    **{stage: BASE | {"sourcing", "events"} for stage in STAGES},
    "planning": BASE | {"sourcing", "events", "forecast"},
    "partners": BASE | {"x12"},
    "notify": BASE | {"words"},
    "tracking": BASE | {"words"},
    # A scenario document has the fields of the transformations themselves.
    "api": BASE | {"channels", "events", "observability", "simulation"},
    "aws": BASE
    | STAGES
    | {"sourcing", "events", "settings", "api", "http", "channels", "carriers", "suppliers", "x12"},
}
# Third-party packages → the only packages of dom that may import them.
OWNERS = {
    "boto3": {"aws"},
    "botocore": {"aws"},
    "pydantic": {"channels", "api"},
    "aws_lambda_powertools": {"observability"},
    "yaml": {"api"},
    "segno": {"carriers"},
    "cryptography": {"aws"},
    "highspy": {"solver"},
    "numpy": {"solver"},
}
# What a handler wires together, besides the one stage it is for.
WIRING = BASE | {"api", "aws", "channels", "http", "observability", "settings", "solver", "words"}


def package(module: str) -> str:
    """The package of dom that a dotted name belongs to."""
    return module.split(".")[1] if "." in module else ""


def test_each_package_imports_only_what_lies_below_it() -> None:
    wrong = [
        f"{name} imports {target}"
        for name, tree in modules()
        for target in imports(tree)
        if target.startswith("dom.") and package(name) != ""
        if package(target) not in ALLOWED[package(name)] | {package(name)}
    ]
    assert wrong == []


def test_third_party_packages_stay_with_their_owners() -> None:
    wrong = [
        f"{name} imports {target}"
        for name, tree in modules()
        for target in imports(tree)
        if package(name) not in OWNERS.get(target.split(".")[0], {package(name)})
    ]
    assert wrong == []


def test_the_model_and_sourcing_need_nothing_but_the_standard_library() -> None:
    foreign = {
        f"{name} imports {target}"
        for name, tree in modules()
        if package(name) in {"model", "sourcing", "forecast", "events", "errors"}
        for target in imports(tree)
        if target.split(".")[0] not in sys.stdlib_module_names | {"dom"}
    }
    assert foreign == set()


# The sweeper is the clock of the relay, the floor and returns; what is chosen on the tracking page
# is done by the command that people use.
MORE_STAGES = {"functions.sweeper.app": 3, "functions.tracking_page.app": 2}


def test_a_function_is_for_one_stage() -> None:
    for name, tree in modules(FUNCTIONS):
        used = {package(target) for target in imports(tree) if target.startswith("dom.")}
        most = MORE_STAGES.get(name, 1)
        assert len(used - WIRING) <= most, f"{name} uses {sorted(used - WIRING)}"


def loaded_by(statement: str) -> set[str]:
    """Top-level modules in memory after a statement, in an interpreter of its own."""
    code = f"import sys; {statement}; print(*(name.split('.')[0] for name in sys.modules))"
    environment = {"PYTHONPATH": str(CORE)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "name",
    [
        "model",
        "sourcing",
        "forecast",
        "routing",
        "promise",
        "fulfillment",
        "returns",
        "relay",
        "rulesets",
        "events",
    ],
)
def test_the_domain_imports_neither_the_cloud_nor_validation(name: str) -> None:
    modules_of_it = [dotted for dotted, _ in modules() if package(dotted) == name]
    assert modules_of_it
    heavy = {"boto3", "botocore", "pydantic", "aws_lambda_powertools", "highspy", "numpy"}
    heavy |= {"cryptography"}
    assert loaded_by(f"import {', '.join(modules_of_it)}") & heavy == set()


def test_the_door_answers_before_any_payload_model_is_loaded() -> None:
    door = FUNCTIONS / "order_intake"
    statement = f"sys.path.insert(0, {str(door)!r}); import app"
    assert loaded_by(statement) & {"pydantic", "pydantic_core"} == set()
