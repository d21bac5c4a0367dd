"""`make deploy` builds for what the environment deploys."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.build import Target
from tools.release import settings_of, target_of


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_both_environments_deploy_to_arm_with_the_newest_tested_python(name: str) -> None:
    assert target_of(settings_of(name)) == Target("python3.13", "arm64", host_wheels=False)


def test_what_a_guided_deployment_saved_is_read_too(tmp_path: Path) -> None:
    config = tmp_path / "samconfig.toml"
    saved = 'parameter_overrides = "Stage=\\"dev\\" PythonRuntime=\\"python3.12\\""'
    config.write_text(f"version = 0.1\n[dev.deploy.parameters]\n{saved}\n", encoding="utf-8")
    assert target_of(settings_of("dev", config)).runtime == "python3.12"


def test_an_unknown_environment_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(SystemExit, match=r"'test'.*dev, prod"):
        settings_of("test")
