"""An extension is a file, a line that registers it, a sample and a test: none may be forgotten."""

from __future__ import annotations

import pytest
from dom.channels import CHANNELS
from dom.model.supplier import Transport
from dom.suppliers import TRANSPORTS
from support.code import DOM, ROOT


def test_every_channel_file_is_registered() -> None:
    # A channel implements verify and topics itself; its helpers carry its name as their start.
    files = {path.stem.split("_")[0] for path in (DOM / "channels").glob("*.py")}
    shared = {
        "",
        "cancellations",
        "credentials",
        "feeds",
        "jwk",
        "listing",
        "notices",
        "payload",
        "payments",
        "people",
        "protocol",
        "refunds",
        "rsa",
        "scans",
        "seconds",
        "shipments",
        "signing",
        "stock",
        "tokens",
    }
    assert files - shared == set(CHANNELS)


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_every_channel_has_samples_and_tests(name: str) -> None:
    assert list((ROOT / "events" / name).glob("*.json"))
    assert list((ROOT / "tests" / "unit" / "channels").glob(f"test_{name}*.py"))


def test_every_way_to_a_supplier_is_registered() -> None:
    files = {path.stem for path in (DOM / "suppliers").glob("*.py")}
    assert files - {"__init__", "port", "render"} == {
        one.__module__.rpartition(".")[2] for one in TRANSPORTS.values()
    }
    assert set(TRANSPORTS) == set(Transport)


@pytest.mark.parametrize("package", ["fences", "objectives"])
def test_every_strategy_file_is_registered(package: str) -> None:
    folder = DOM / "sourcing" / package
    registry = (folder / "__init__.py").read_text(encoding="utf-8")
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert files
    assert {name for name in files if f": {name}." not in registry} == set()
