"""What is shipped: all that a function needs, compiled, and nothing else."""

from __future__ import annotations

import importlib.util
import struct
from pathlib import Path

import pytest
from support.code import CORE, ROOT

LAYERS = ("CoreLayer", "DepsLayer")
# Lambda allows 250 MB for a function with its layers; imports are read from there at cold start.
MOST_BYTES = 30_000_000
# Only on the functions that have the solver.
MOST_SOLVER_BYTES = 65_000_000
# Only on the functions that open personal data.
MOST_CRYPTO_BYTES = 17_000_000
# PEP 552: bit 0 says that the file is checked by hash, bit 1 that the source is looked at.
UNCHECKED_HASH = 0b01


def sources(layer: Path) -> list[Path]:
    """Every Python file of a layer."""
    return sorted(layer.rglob("*.py"))


@pytest.mark.parametrize("name", [*LAYERS, "SolverLayer", "CryptoLayer"])
def test_every_module_of_a_layer_is_compiled_for_this_version_and_never_checked(
    artifacts: Path, name: str
) -> None:
    found = sources(artifacts / name)
    assert found
    for source in found:
        compiled = Path(importlib.util.cache_from_source(str(source)))
        assert compiled.exists(), source
        header = compiled.read_bytes()[:8]
        assert header[:4] == importlib.util.MAGIC_NUMBER, source
        assert struct.unpack("<I", header[4:])[0] == UNCHECKED_HASH, source


def test_the_core_layer_is_the_package_as_it_is_on_disk(artifacts: Path) -> None:
    def contents(root: Path) -> dict[str, bytes]:
        files = (path for path in root.rglob("*") if path.is_file())
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in files
            if "__pycache__" not in path.parts
        }

    assert contents(artifacts / "CoreLayer" / "python" / "dom") == contents(CORE / "dom")


def test_the_deps_layer_ships_neither_tests_nor_metadata_nor_boto3(artifacts: Path) -> None:
    layer = artifacts / "DepsLayer" / "python"
    packages = {path.stem for path in layer.iterdir()}
    assert packages & {"boto3", "botocore", "s3transfer", "pip", "bin"} == set()
    assert [
        path for path in layer.rglob("*") if path.name == "tests" or "dist-info" in path.name
    ] == []


def size(folder: Path) -> int:
    """Bytes of all files below."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_the_layers_stay_small(artifacts: Path) -> None:
    assert sum(size(artifacts / name) for name in LAYERS) < MOST_BYTES
    assert size(artifacts / "SolverLayer") < MOST_SOLVER_BYTES
    assert size(artifacts / "CryptoLayer") < MOST_CRYPTO_BYTES


def test_a_function_ships_its_handler_and_nothing_else(artifacts: Path) -> None:
    folders = [path for path in artifacts.iterdir() if path.name.endswith("Function")]
    assert len(folders) == len(list((ROOT / "functions").glob("*/app.py")))
    for folder in folders:
        assert [path.name for path in folder.rglob("*") if path.is_file()] == ["app.py"], folder
