"""A running server of the gateways' contracts."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.texts.gateways import KEY, SECRET


@pytest.fixture
def gateways(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """(address, the file of what was taken)."""
    words = [sys.executable, str(Path(__file__).with_name("gateways.py")), str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}", tmp_path / "taken.jsonl"
        process.kill()


def settings(kind: str, address: str, **more: str) -> str:
    """The file of settings of one gateway."""
    told = {"kind": kind, "key_id": KEY, "secret_file": "secret", "endpoint": address}
    if kind in {"aliyun", "tencent"}:
        told |= {"sign_name": "青禾书屋", "template": "T_1"}
    if kind == "tencent":
        told |= {"app_id": "1400", "region": "ap-guangzhou"}
    if kind == "twilio":
        told |= {"sender": "+15005550006"}
    return "".join(f'{name} = "{value}"\n' for name, value in (told | more).items())


__all__ = ["SECRET", "gateways", "settings"]
