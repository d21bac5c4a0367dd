"""Cold imports: each packaged function in a fresh interpreter, against a bare boto3 function."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tools.bench_report import table
from tools.build import Target, build
from tools.template import read_template

REPETITIONS = 7
HELLO = 'import boto3\n\n\ndef handler(event, context):\n    return "hello"\n'
LAYERS = ("DepsLayer", "CoreLayer")
OWN_LAYERS = ("SolverLayer", "CryptoLayer")
# What Lambda's Python runtimes bring: boto3 and what it needs.
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3")
TIMED = """
import json, sys, time
sys.path[:0] = json.loads(sys.argv[1])
start = time.perf_counter()
import app
print(1000 * (time.perf_counter() - start), len(sys.modules))
"""


def measure() -> str:
    """Tables of import times and of sizes."""
    target = Target()
    build(target)
    artifacts = target.template.parent
    names = sorted(_functions())
    with _runtime() as runtime:
        paths = {"hello": [str(runtime / "hello"), str(runtime)]}
        for name in names:
            layers = [str(artifacts / layer / "python") for layer in _layers(name)]
            paths[name] = [str(artifacts / name), *layers, str(runtime)]
        times = _times(paths)
    return f"{_import_table(times)}\n\n{_size_table(artifacts, names)}"


def _functions() -> list[str]:
    resources = read_template()["Resources"].items()
    return [name for name, one in resources if one["Type"] == "AWS::Serverless::Function"]


def _layers(function: str) -> tuple[str, ...]:
    """What every function has, and what is only where it is asked for."""
    own = json.dumps(read_template()["Resources"][function]["Properties"].get("Layers", []))
    return (*LAYERS, *(name for name in OWN_LAYERS if name in own))


@contextmanager
def _runtime() -> Iterator[Path]:
    """A folder with only what the runtime brings, and the bare function."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for package in RUNTIME:
            spec = importlib.util.find_spec(package)
            if spec is None or spec.origin is None:
                raise SystemExit(f"{package} is not installed here")
            origin = Path(spec.origin)
            installed = origin.parent if origin.name == "__init__.py" else origin
            (folder / installed.name).symlink_to(installed)
        (folder / "hello").mkdir()
        (folder / "hello" / "app.py").write_text(HELLO, encoding="utf-8")
        yield folder


def _times(paths: dict[str, list[str]]) -> dict[str, tuple[float, int]]:
    """Median milliseconds and loaded modules; rounds of all, so that load hits all alike."""
    found: dict[str, list[tuple[float, int]]] = {name: [] for name in paths}
    for name, path in paths.items():  # once unmeasured: the disk's cache
        _once(path, name)
    for _ in range(REPETITIONS):
        for name, path in paths.items():
            found[name].append(_once(path, name))
    return {name: (median(ms for ms, _ in all_), all_[0][1]) for name, all_ in found.items()}


def _once(path: list[str], name: str) -> tuple[float, int]:
    """One import as on Lambda: what makes Powertools think that it runs there is set."""
    environment = {
        "PATH": os.environ["PATH"],
        "AWS_REGION": "us-east-1",
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "LAMBDA_TASK_ROOT": path[0],
        "POWERTOOLS_METRICS_NAMESPACE": "dom",
        "POWERTOOLS_SERVICE_NAME": name,
    }
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", TIMED, json.dumps(path)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    ms, modules = done.stdout.split()
    return float(ms), int(modules)


def _import_table(times: dict[str, tuple[float, int]]) -> str:
    base = times["hello"][0]
    rows = [
        [f"`{name}`", f"{ms:.0f}", f"{ms / base:.2f}", modules]
        for name, (ms, modules) in sorted(times.items(), key=lambda one: one[1])
    ]
    return table(["function", f"import ms (median of {REPETITIONS})", "× hello", "modules"], rows)


def _size_table(artifacts: Path, names: list[str]) -> str:
    sizes = {layer: _size(artifacts / layer) for layer in (*LAYERS, *OWN_LAYERS)}
    sizes["largest function"] = max(_size(artifacts / name) for name in names)
    rows = [[name, f"{size / 1024:,.0f}"] for name, size in sizes.items()]
    return table(["package, unzipped", "KiB"], rows)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
