"""Real key providers for tests, each an own process or library on this host: SoftHSM, moto's server of AWS, OpenBao."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest

from tests.house.parts import library, program
from tests.running import PATIENCE, port

PIN = b"13579024"
_POLICY = """
path "transit/keys/custody-*" { capabilities = ["create", "read", "update", "delete"] }
path "transit/encrypt/custody-*" { capabilities = ["update"] }
path "transit/decrypt/custody-*" { capabilities = ["update"] }
"""


class Process:
    """A server of this test's own; `freeze` and `thaw` make it silent without losing it."""

    def __init__(self, words: list[str], log: Path, env: dict[str, str] | None = None) -> None:
        with log.open("wb") as target:
            self._process = subprocess.Popen(words, stdout=target, stderr=target, env={**os.environ, **(env or {})})
        self.log = log

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self.thaw()
        self._process.terminate()
        self._process.wait(PATIENCE)

    def wait_for(self, url: str) -> None:
        late = time.monotonic() + PATIENCE
        while time.monotonic() < late:
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(url, timeout=2):
                    return
            except (URLError, OSError):
                time.sleep(0.1)
        pytest.fail(f"{self.log.name} did not begin: {self.log.read_text(errors='replace')[-500:]}")


@contextmanager
def openbao(folder: Path) -> Iterator["Bao"]:
    """An OpenBao server with a transit engine, and a token that may do what docs/guide/providers.md grants, and no more."""
    number, log = port(), folder / "bao.log"
    root = "root-of-the-test"
    words = [program("bao"), "server", "-dev", f"-dev-root-token-id={root}", "-dev-no-store-token",
             f"-dev-listen-address=127.0.0.1:{number}"]  # fmt: skip
    process = Process(words, log, {"HOME": str(folder)})
    try:
        process.wait_for(f"http://127.0.0.1:{number}/v1/sys/health")
        bao = Bao(f"http://127.0.0.1:{number}", root, process)
        bao.ask("POST", "sys/mounts/transit", {"type": "transit"})
        bao.ask("PUT", "sys/policies/acl/custody", {"policy": _POLICY})
        yield bao
    finally:
        process.stop()


class Bao:
    """The server as its operator sees it."""

    def __init__(self, address: str, root: str, process: Process) -> None:
        self.address, self.root, self.process = address, root, process

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}/v1/{path}", data, {"X-Vault-Token": self.root}, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            text = answer.read()
        return json.loads(text) if text else {}

    def token(self, *policies: str) -> bytes:
        """A token of these policies."""
        return self.ask("POST", "auth/token/create", {"policies": list(policies)})["auth"]["client_token"].encode()

    def seal(self) -> str:
        """Seal the server, as after a restart; returns what unseals it."""
        text = self.process.log.read_text()
        key = text.split("Unseal Key: ")[1].split()[0]
        self.ask("PUT", "sys/seal")
        return key

    def unseal(self, key: str) -> None:
        request = urllib.request.Request(
            f"{self.address}/v1/sys/unseal", json.dumps({"key": key}).encode(), method="PUT"
        )
        with urllib.request.urlopen(request, timeout=20):
            pass


@contextmanager
def kms(folder: Path) -> Iterator[tuple[str, Process]]:
    """moto's server of AWS in a process of its own: its address, and the process."""
    number = port()
    process = Process([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(number)], folder / "moto.log")
    try:
        process.wait_for(f"http://127.0.0.1:{number}/moto-api/")
        yield f"http://127.0.0.1:{number}", process
    finally:
        process.stop()


def token(folder: Path, label: str) -> Path:
    """A SoftHSM token of this name; returns the module. One folder serves a process: the library reads its path once."""
    folder.mkdir(exist_ok=True)
    config = folder / "softhsm2.conf"
    (folder / "tokens").mkdir(exist_ok=True)
    config.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(config)
    words = [
        program("softhsm2-util"),
        "--init-token",
        "--free",
        "--label",
        label,
        "--so-pin",
        "97531",
        "--pin",
        PIN.decode(),
    ]
    subprocess.run(words, check=True, capture_output=True)
    return Path(library("libsofthsm2.so"))


def lose(folder: Path) -> None:
    """The token's files are gone."""
    shutil.rmtree(folder / "tokens")
