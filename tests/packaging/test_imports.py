"""Each packaged function imports with its artifact, its layers and boto3, as on Lambda."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.code import resources

FUNCTIONS = resources("AWS::Serverless::Function")
# What Lambda's Python runtimes bring: boto3 and what it needs.
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3")
IMPORT = """
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
import app
print(json.dumps({
    "callable": callable(app.handler),
    "dom": sys.modules["dom"].__file__,
    "from_source": sorted(
        name for name, module in sys.modules.items()
        if "Layer" in (getattr(module, "__file__", None) or "")
        and module.__file__.endswith(".py") and module.__cached__
        and not __import__("os").path.exists(module.__cached__)
    ),
}))
"""


def layers_of(name: str) -> list[str]:
    """The layers of every function, then those of its own."""
    own = FUNCTIONS[name].get("Layers", [])
    return ["DepsLayer", "CoreLayer", *(layer["Ref"] for layer in own)]


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with only what the runtime brings, of the versions that are installed here."""
    folder = tmp_path_factory.mktemp("runtime")
    for name in RUNTIME:
        spec = importlib.util.find_spec(name)
        assert spec and spec.origin
        origin = Path(spec.origin)
        installed = origin.parent if origin.name == "__init__.py" else origin
        (folder / installed.name).symlink_to(installed)
    return folder


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_packaged_function_imports_without_environment_and_without_anything_else(
    artifacts: Path, runtime: Path, name: str
) -> None:
    layers = [str(artifacts / layer / "python") for layer in layers_of(name)]
    path = [str(artifacts / name), *layers, str(runtime)]
    # -I and -S: neither the user's nor the environment's packages; only what is named. -B: the
    # artifact stays as it was built, for the next run of the tests.
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", IMPORT, json.dumps(path)],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"]},
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["callable"]
    assert found["dom"].startswith(str(artifacts / "CoreLayer"))
    assert found["from_source"] == []
