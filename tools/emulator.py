"""The process of the embedded AWS (ministack): start, wait until healthy, stop.

One home directory holds all there is of one stack: its log, its temporary files, what runs where.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

HOST = "127.0.0.1"
REGION = "us-east-1"
START_SECONDS = 60.0
STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running embedded AWS: its process and the port it answers on."""

    pid: int
    port: int

    @property
    def endpoint(self) -> str:
        """The address that AWS clients are pointed to."""
        return f"http://{HOST}:{self.port}"

    def healthy(self) -> bool:
        """Whether it answers."""
        try:
            with urllib.request.urlopen(f"{self.endpoint}/_ministack/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def alive(self) -> bool:
        """Whether the process is there and is ours, not another one that was given its number."""
        found = subprocess.run(
            ["ps", "-o", "stat=", "-o", "command=", "-p", str(self.pid)],
            capture_output=True,
            text=True,
        ).stdout
        return "ministack" in found and not found.startswith("Z")


def running(home: Path) -> Emulator | None:
    """The emulator that was started for this home, if it still answers."""
    record = home / "emulator.json"
    if not record.exists():
        return None
    emulator = Emulator(**json.loads(record.read_text(encoding="utf-8")))
    return emulator if emulator.alive() and emulator.healthy() else None


def start(home: Path, port: int | None = None) -> Emulator:
    """Start one bound to 127.0.0.1, with IAM enforced, and wait until it answers.

    The port is the given one, else GATEWAY_PORT, else a free one. SystemExit if it stays away.
    """
    home.mkdir(parents=True, exist_ok=True)
    port = port or int(os.environ.get("GATEWAY_PORT") or _free_port())
    with (home / "emulator.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ministack"],
            env=_environment(home, port),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    emulator = Emulator(process.pid, port)
    (home / "emulator.json").write_text(json.dumps(asdict(emulator)), encoding="utf-8")
    _wait_until_healthy(emulator, process, home)
    return emulator


def stop(home: Path) -> bool:
    """Stop the emulator of this home with its workers; False if none was running."""
    record = home / "emulator.json"
    if not record.exists():
        return False
    emulator = Emulator(**json.loads(record.read_text(encoding="utf-8")))
    record.unlink()
    if not emulator.alive():
        return False
    _signal(emulator, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while emulator.alive() and time.monotonic() < deadline:
        time.sleep(0.1)
    # Its workers are in its process group, and some outlive it.
    _signal(emulator, signal.SIGKILL)
    return True


def _signal(emulator: Emulator, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(emulator.pid, number)


def _wait_until_healthy(emulator: Emulator, process: subprocess.Popen[bytes], home: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not emulator.healthy():
        if process.poll() is not None or time.monotonic() > deadline:
            _signal(emulator, signal.SIGKILL)
            log = (home / "emulator.log").read_text(encoding="utf-8", errors="replace")
            raise SystemExit(
                f"{log[-3000:]}\nThe embedded AWS did not start on {emulator.endpoint}."
            )
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _environment(home: Path, port: int) -> dict[str, str]:
    """Nothing of the user's: functions inherit it all, and no real credentials may reach them."""
    temporary = home / "tmp"
    temporary.mkdir(exist_ok=True)
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "LANG": "C.UTF-8",
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "MINISTACK_REGION": REGION,
        "GATEWAY_PORT": str(port),
        "AUTH": "true",
        # Servers that nobody here needs, on fixed ports that two stacks would fight for.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }
