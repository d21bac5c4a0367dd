"""`sam build` for the interpreter at hand, one directory per runtime and processor."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.shell import BUILD, ROOT, run

INPUTS = ("template.yaml", "functions", "layers", "statemachines")
# What Lambda calls the processors that Python calls so.
ARCHITECTURES = {"aarch64": "arm64", "arm64": "arm64", "x86_64": "x86_64", "AMD64": "x86_64"}


@dataclass(frozen=True, slots=True)
class Target:
    """What is built for: Lambda's names of the runtime and of the processor."""

    runtime: str = f"python{sys.version_info.major}.{sys.version_info.minor}"
    architecture: str = ARCHITECTURES.get(platform.machine(), "x86_64")
    # The emulator runs functions on the host itself: outside Linux it needs the host's wheels.
    host_wheels: bool = sys.platform != "linux"

    @property
    def directory(self) -> Path:
        """Where this target is built: sam's own cache does not see for what it builds."""
        wheels = "-host" if self.host_wheels else ""
        return BUILD / "sam" / f"{self.runtime}-{self.architecture}{wheels}"

    @property
    def template(self) -> Path:
        """The built template."""
        return self.directory / "out" / "template.yaml"


def build(target: Target, python: str = sys.executable) -> None:
    """Build unless nothing changed since; SystemExit with the end of sam's output.

    `python` is an interpreter of the target's runtime.
    """
    marker, digest = target.directory / "inputs.sha256", inputs_digest()
    if target.template.exists() and marker.exists() and marker.read_text() == digest:
        return
    marker.unlink(missing_ok=True)
    run(_command(target), environment(target, python), target.directory / "build.log")
    marker.write_text(digest)


def inputs_digest() -> str:
    """SHA-256 over the names and contents of all that is built or deployed."""
    digest = hashlib.sha256()
    for path in _input_files():
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _input_files() -> Iterator[Path]:
    for name in INPUTS:
        root = ROOT / name
        found = sorted(root.rglob("*")) if root.is_dir() else [root]
        yield from (path for path in found if path.is_file() and "__pycache__" not in path.parts)


def _command(target: Target) -> list[str]:
    return [
        str(Path(sys.executable).parent / "sam"),
        "build",
        "--cached",
        "--parallel",
        *("--build-dir", str(target.directory / "out")),
        *("--cache-dir", str(target.directory / "cache")),
        *("--parameter-overrides", f"PythonRuntime={target.runtime}"),
        f"Architecture={target.architecture}",
    ]


def environment(target: Target, python: str = sys.executable) -> dict[str, str]:
    """The caller's environment, with what the layers' makefiles need to know."""
    directory = str(Path(python).parent)
    wheels = {"DOM_PLATFORM": "host"} if target.host_wheels else {}
    return {
        **os.environ,
        "PATH": os.pathsep.join([directory, os.environ.get("PATH", "")]),
        "SAM_CLI_TELEMETRY": "0",
        "DOM_RUNTIME": target.runtime,
        "DOM_ARCHITECTURE": target.architecture,
        "DOM_PYTHON": python,
        **wheels,
    }
