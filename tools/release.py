"""`make deploy`: build for what an environment of samconfig.toml says, and deploy it to AWS.

Guided as long as the account has no such stack; later runs ask only whether to go on.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tools.build import Target, build, environment
from tools.console import say, step
from tools.interpreters import find
from tools.shell import ROOT
from tools.template import read_template

CONFIG = ROOT / "samconfig.toml"


def settings_of(name: str, config: Path = CONFIG) -> dict[str, Any]:
    """The deployment parameters of an environment; SystemExit if there is no such environment."""
    environments = tomllib.loads(config.read_text(encoding="utf-8"))
    if not isinstance(environments.get(name), dict):
        known = ", ".join(key for key, value in environments.items() if isinstance(value, dict))
        raise SystemExit(f"{config.name} has no environment {name!r}, only: {known}")
    return dict(environments[name]["deploy"]["parameters"])


def target_of(settings: Mapping[str, Any]) -> Target:
    """Runtime and processor that these parameters, or else the template's defaults, name."""
    overrides = settings.get("parameter_overrides", [])
    words = shlex.split(overrides) if isinstance(overrides, str) else overrides
    chosen = dict(word.split("=", 1) for word in words)
    defaults = read_template()["Parameters"]
    runtime, architecture = (
        chosen.get(name, defaults[name]["Default"]) for name in ("PythonRuntime", "Architecture")
    )
    return Target(runtime, architecture, host_wheels=False)


def _exists(settings: Mapping[str, Any]) -> bool:
    try:
        client = boto3.client("cloudformation", region_name=settings.get("region"))
        client.describe_stacks(StackName=settings["stack_name"])
    except (BotoCoreError, ClientError) as error:
        if "does not exist" in str(error):
            return False
        raise SystemExit(f"Credentials and a region of AWS are needed: {error}") from None
    return True


def main() -> None:
    """Build and deploy the environment named on the command line."""
    name = sys.argv[1] if len(sys.argv) > 1 else "dev"
    settings = settings_of(name)
    target, guided = target_of(settings), not _exists(settings)
    python = find(target.runtime)
    with step(f"Building for {target.runtime} on {target.architecture}"):
        build(target, python)
    say(f"▸ Deploying {settings['stack_name']}" + (", guided: it is new here" if guided else ""))
    command = [
        *(str(Path(sys.executable).parent / "sam"), "deploy", "--config-env", name),
        *("--config-file", str(CONFIG), "--template-file", str(target.template)),
        *(["--guided"] if guided else []),
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment(target, python))
    raise SystemExit(done.returncode)


if __name__ == "__main__":
    main()
