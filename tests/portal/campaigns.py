"""Campaigns as several tests plan them, the relay they go through, and who was not told yet."""

import os
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.services.approve import approve
from custody.services.campaign_new import campaign_new
from tests.portal.conftest import DEAL, at, laws
from tests.running import port

ROOT = Path(__file__).resolve().parents[2]
WORDS = {
    "sender": "privacy@qinghe.example", "subject": "您的信息将移交 Your information", "text": "青禾书屋……\nQinghe Books …",
    "pages": "https://you.qinghe.example", "page_line": "您的页面 Your page:",
}  # fmt: skip


@pytest.fixture
def untold(played: Path) -> Path:
    """The rehearsal as it is when nobody was told yet."""
    store = sqlite3.connect(played / "seller" / "core.db")
    store.execute("DELETE FROM evidence WHERE type LIKE 'notice.%'")
    store.commit()
    store.close()
    return played


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """(HOST:PORT, folder) of a running relay, which cuts the connection once, after it took the eleventh message."""
    folder = tmp_path / "relay"
    folder.mkdir()
    number = port()
    words = [sys.executable, str(ROOT / "tests" / "portal" / "relay.py"), str(number), str(folder), "11"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield f"127.0.0.1:{number}", folder
        process.kill()


def planned(where: Path, *, approved: bool = True, **words: str) -> dict:
    with at(where, "zhouning") as desk:
        made = dict(campaign_new(desk, laws(where), DEAL, {**WORDS, **words}))
    if approved:
        with at(where, "suhe") as desk:
            approve(desk, *made["approve"])
    return made


def sending(where: Path, ref: str, address: str, *more: str) -> subprocess.Popen[str]:
    home = where / "seller"
    words = [
        sys.executable,
        "-m",
        "custody",
        "campaign",
        "send",
        ref,
        "--relay",
        address,
        "--security",
        "none",
        *more,
        "--json",
    ]
    words += [
        "--home",
        str(home),
        "--as",
        "zhouning",
        "--passphrase-file",
        str(home / "keys" / "principals" / "zhouning.pass"),
    ]
    return subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )


def taken(folder: Path) -> Counter[str]:
    log = folder / "relay.log"
    return Counter(re.findall(r"<[^>]+>", log.read_text(encoding="ascii"))) if log.exists() else Counter()
